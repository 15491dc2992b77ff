// What `npm run package` makes of the built extension for a store and for a hospital.
import { describe, expect, test } from 'vitest';
import source from '../manifest.json' with { type: 'json' };
import schema from '../public/managed_schema.json' with { type: 'json' };
import { forStore, shipped } from '../src/extension/package.ts';
import { zipped } from '../src/extension/zip.ts';
import { checkConfiguration } from '../src/launch/configuration.ts';

const hospital = {
  issuers: [
    {
      iss: 'https://fhir.fjordvik.example/r4',
      clientId: 'sideplan',
      label: 'Fjordvik',
      ehrOrigins: ['https://journal.fjordvik.example'],
      sources: [{ kind: 'kj', base: 'https://kj.fjordvik.example/fhir', label: 'Kjernejournal' }],
    },
  ],
};

describe('The package', () => {
  test('for anybody may reach nothing on this machine, and asks for hosts when they are needed', () => {
    const manifest = shipped(source, { issuers: [] });
    expect(JSON.stringify(manifest)).not.toContain('localhost');
    expect(manifest).toMatchObject({ optional_host_permissions: ['https://*/*'] });
    expect(manifest).not.toHaveProperty('host_permissions');
    expect(manifest.content_security_policy.extension_pages).toContain(
      "connect-src 'self' https: wss:; worker-src 'none'",
    );
  });

  test('for one hospital has its hosts and can ask for no others', () => {
    const manifest = shipped(source, hospital);
    expect(manifest).toMatchObject({
      host_permissions: [
        'https://fhir.fjordvik.example/*',
        'https://kj.fjordvik.example/*',
        'https://journal.fjordvik.example/*',
      ],
    });
    expect(manifest).not.toHaveProperty('optional_host_permissions');
  });

  test('asks for the same permissions as the one that is tested', () => {
    for (const field of ['permissions', 'externally_connectable', 'incognito', 'key'] as const)
      expect(shipped(source, hospital)[field]).toEqual(source[field]);
  });

  test('for a store leaves the id to the store', () => {
    expect(forStore(shipped(source, hospital))).not.toHaveProperty('key');
  });
});

describe('The zip', () => {
  const files = [
    { name: 'manifest.json', content: Buffer.from('{}') },
    { name: 'icons/æ.txt', content: Buffer.from('ø') },
  ];

  test('is the same whenever it is made', () => {
    expect(zipped(files)).toEqual(zipped(files));
  });

  test('says of each file where it is, how long, and its checksum (APPNOTE 4.3)', () => {
    const zip = zipped(files);
    const end = zip.length - 22;
    expect(zip.toString('latin1', end, end + 4)).toBe('PK\x05\x06');
    expect(zip.readUInt16LE(end + 10)).toBe(2);
    let at = zip.readUInt32LE(end + 16);
    expect(at + zip.readUInt32LE(end + 12)).toBe(end);
    for (const { name, content } of files) {
      expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
      const length = zip.readUInt16LE(at + 28);
      expect(zip.toString('utf8', at + 46, at + 46 + length)).toBe(name);
      const local = zip.readUInt32LE(at + 42);
      expect(zip.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
      const starts = local + 30 + zip.readUInt16LE(local + 26);
      expect(zip.subarray(starts, starts + zip.readUInt32LE(at + 20))).toEqual(content);
      at += 46 + length;
    }
    // CRC-32 of «{}».
    expect(zip.readUInt32LE(14)).toBe(0xa3a6_bf43);
  });
});

describe('The schema of the policy', () => {
  interface Schema {
    readonly type: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
    readonly additionalProperties?: Schema;
    readonly enum?: readonly unknown[];
    readonly maximum?: number;
  }

  /** Something of the schema's shape, with every key it knows. */
  function example({
    type,
    properties,
    items,
    additionalProperties,
    enum: choices,
    maximum,
  }: Schema): unknown {
    if (choices) return choices[0];
    if (type === 'array') return items ? [example(items)] : [];
    if (type === 'object')
      return Object.fromEntries(
        Object.entries(
          properties ?? (additionalProperties ? { key: additionalProperties } : {}),
        ).map(([key, value]) => [
          key,
          key === 'kind'
            ? 'kj'
            : key === 'iss' || key === 'base'
              ? 'https://x.example'
              : example(value),
        ]),
      );
    if (type === 'boolean') return true;
    return type === 'integer' ? (maximum ?? 1) : 'text';
  }

  test('knows no key that the launch would refuse', () => {
    const policy = example(schema) as {
      issuers: { label: string; sources: { label: string }[] }[];
    };
    policy.issuers[0]!.sources[0]!.label = 'another';
    expect(checkConfiguration(policy)).toMatchObject({ idleMinutes: 10, locale: 'nb' });
  });
});

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { provenUser } from '../src/launch/identity.ts';

const iss = 'https://journal.example/fhir';
const now = new Date('2026-11-21T19:15:00Z');
const seconds = Math.floor(now.getTime() / 1000);
const endpoints = {
  authorize: 'https://journal.example/authorize',
  token: 'https://journal.example/token',
  jwks: 'https://journal.example/jwks',
  namesItself: true,
  scopesV2: true,
};
const expected = { endpoints, iss, clientId: 'sideplan', nonce: 'n-1', now };
const claims = {
  iss,
  aud: 'sideplan',
  sub: 'u-lv',
  nonce: 'n-1',
  iat: seconds,
  exp: seconds + 300,
  name: 'Åse Ærøy Bjørnstad',
  fhirUser: `${iss}/Practitioner/u-lv`,
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let pair: Pair;
let stranger: Pair;
let keys: { keys: object[] };
beforeAll(async () => {
  [pair, stranger] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
});

const signed = (payload: JWTPayload, by = pair) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(by.privateKey);
function claimsBut(missing: 'nonce' | 'exp' | 'sub'): JWTPayload {
  const { [missing]: _, ...others } = claims;
  return others;
}
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const proven = (token: string) => provenUser(token, expected, Promise.resolve(keys));

test('T01 id-token-norwegian: a name with æ, ø and å is whole, also where the token has - and _ in it', async () => {
  // At each place in a triplet of bytes, so that both letters which plain base64 has not are sure to come.
  const names = ['', 'x', 'xx'].map(shift => `${shift}ÅØÆåøæ ??? >>> Åse`);
  const tokens = await Promise.all(names.map(name => signed({ ...claims, name })));
  const payloads = tokens.map(token => token.split('.')[1] ?? '').join('');
  expect(['-', '_'].map(letter => payloads.includes(letter))).toEqual([true, true]);
  const users = await Promise.all(tokens.map(proven));
  expect(users.map(({ name }) => name)).toEqual(names);
  expect(await proven(await signed(claims))).toEqual({
    sub: 'u-lv',
    name: 'Åse Ærøy Bjørnstad',
    fhirUser: `${iss}/Practitioner/u-lv`,
  });
});

describe('T02 id-token-forged: nobody is let in by a proof', () => {
  const forged: readonly (readonly [string, () => Promise<string> | string])[] = [
    ['without a signature', () => `${part({ alg: 'none' })}.${part(claims)}.`],
    ['signed by a stranger under the issuer’s key id', () => signed(claims, stranger)],
    [
      'signed with the published key as if it were a secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify(keys.keys[0]));
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k' }).sign(secret);
      },
    ],
    [
      'whose name was changed afterwards',
      async () => {
        const [head, , signature] = (await signed(claims)).split('.');
        return `${head}.${part({ ...claims, sub: 'u-gp', name: 'En annen' })}.${signature}`;
      },
    ],
    ['made for another app', () => signed({ ...claims, aud: 'another-app' })],
    ['from another issuer', () => signed({ ...claims, iss: 'https://evil.example/fhir' })],
    ['that has run out', () => signed({ ...claims, iat: seconds - 900, exp: seconds - 600 })],
    ['that is not valid yet', () => signed({ ...claims, nbf: seconds + 600 })],
    ['of another login', () => signed({ ...claims, nonce: 'n-2' })],
    ['that says of no login', () => signed(claimsBut('nonce'))],
    ['that never runs out', () => signed(claimsBut('exp'))],
    ['of nobody', () => signed(claimsBut('sub'))],
    ['that is no proof', () => 'v1.opaque!!.tok'],
  ];
  test.each(forged)('%s', async (_, token) => {
    await expect(proven(await token())).rejects.toMatchObject({
      failure: { kind: 'identity-unproven' },
    });
  });

  test('whose keys cannot be had', async () => {
    await expect(
      provenUser(await signed(claims), expected, Promise.resolve(undefined)),
    ).rejects.toMatchObject({ failure: { kind: 'identity-unproven', detail: 'keys' } });
  });
});

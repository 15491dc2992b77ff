import { crc32 } from 'node:zlib';

interface File {
  /** With slashes, from the root of the archive. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** 1 January 1980, midnight: the first moment a zip can hold, and the same for everybody who packs (APPNOTE 4.4.6). */
const TIME = 0;
const DATE = 0x21;
/** Names are UTF-8 (APPNOTE 4.4.4, bit 11). */
const UTF8 = 0x0800;
/** Version 2.0. */
const VERSION = 20;

/**
 * A zip of these files in this order (PKWARE APPNOTE 6.3). Stored, not deflated: what a compressor makes of the same
 * bytes differs from one version of it to the next, and a package must be the same wherever it is made.
 */
export function zipped(files: readonly File[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(TIME, 6);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, Buffer.from(content));

    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(VERSION, 0);
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), made, common, rest, path);
    offset += 4 + common.length + path.length + content.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

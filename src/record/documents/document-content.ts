import { type Content, download, fromBase64, mediaType } from '../../fhir/download.ts';
import type { Failure } from '../../fhir/failure.ts';
import type { Session } from '../../fhir/session.ts';
import { sessionAt } from '../sources/at.ts';
import type { Attachment, PatientDocument } from './documents.ts';

/** What is opened, and nothing else: no markup, nothing that runs (SAFETY X05). */
export type FileType = 'application/pdf' | 'text/plain' | 'image/png' | 'image/jpeg';

export type Opened =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly type: FileType }
  /** `wrong-type`: not a type we open, or not the type it was said to be. */
  | { readonly ok: false; readonly failure: Failure | { readonly kind: 'wrong-type' } };

/** Fetches one attachment from the source its document came from, when somebody asks for it and not before. */
export async function openAttachment(
  session: Session,
  { source: { from } }: PatientDocument,
  { where, type }: Attachment,
): Promise<Opened> {
  if (where === 'nowhere') return { ok: false, failure: { kind: 'not-found' } };
  if (where === 'elsewhere') return { ok: false, failure: { kind: 'foreign-address' } };
  if ('base64' in where) return checked(fromBase64(where.base64, type), type);
  const further = session.sources.find(({ label }) => label === from);
  const at = further ? sessionAt(session, further) : session;
  const answer = await download(at, where.address, where.method);
  return answer.ok ? checked(answer.value, type) : answer;
}

/** What the document said, what the server said and what the bytes say must be one and the same type. */
function checked(content: Content | undefined, said: string | undefined): Opened {
  if (!content)
    return { ok: false, failure: { kind: 'not-understood', detail: 'the file is not base64' } };
  const actual = typeOf(content.bytes);
  const declared = [said, content.type].map(mediaType).filter(type => type !== undefined);
  const agreed = actual && declared.every(type => type === actual || ALSO[type] === actual);
  return agreed
    ? { ok: true, bytes: content.bytes, type: actual }
    : { ok: false, failure: { kind: 'wrong-type' } };
}

/** Unofficial names some servers use. */
const ALSO: Readonly<Record<string, FileType>> = {
  'image/jpg': 'image/jpeg',
  'application/x-pdf': 'application/pdf',
};

const STARTS: readonly (readonly [FileType, readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
];

function typeOf(bytes: Uint8Array): FileType | undefined {
  const [known] = STARTS.find(([, start]) => start.every((byte, at) => bytes[at] === byte)) ?? [];
  return known ?? (isText(bytes) ? 'text/plain' : undefined);
}

const isControl = (byte: number) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte);

/** Words in any encoding that has letters where ASCII has them; markup is not words. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.some(isControl)) return false;
  const start = new TextDecoder().decode(bytes.subarray(0, 1024));
  return !/^\s*<(?:!doctype|!--|\?xml|\w+[\s/>:])/i.test(start);
}

/** Whether there is anything to press: a kind of file we open, at a place we may ask. */
export const canOpen = ({ where, type }: Attachment): boolean =>
  where !== 'nowhere' &&
  where !== 'elsewhere' &&
  (type === undefined ||
    type === 'text/plain' ||
    type in ALSO ||
    STARTS.some(([one]) => one === type));

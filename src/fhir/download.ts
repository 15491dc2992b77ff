import { z } from 'zod/mini';
import { failureOf, failureOfThrown, parseObject } from './ask.ts';
import { send } from './egress.ts';
import { type Answer, failed } from './failure.ts';
import type { Session } from './session.ts';
import { text } from './shapes.ts';

/** A file as it came, and what the server called it. */
export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Media type without parameters, lower case; undefined where nothing more than «bytes» was said. */
  readonly type: string | undefined;
}

/** The largest file we take into memory. */
const LARGEST_BYTES = 50_000_000;

const TIMEOUT_MS = 60_000;

/** R4 Binary is its own content where it is asked for so; some servers send the resource all the same. */
const ACCEPT = 'application/pdf, text/plain, image/png, image/jpeg, application/fhir+json;q=0.5';

const Binary = z.looseObject({
  resourceType: z.literal('Binary'),
  contentType: text,
  data: z.string(),
});

/** Fetches one file from below the source's base. Never rejects: what can go wrong is in the answer. */
export async function download(
  session: Session,
  address: string,
  method: 'GET' | 'POST',
): Promise<Answer<Content>> {
  try {
    const asked = { method, accept: ACCEPT, timeoutMs: TIMEOUT_MS };
    const response = await send(session, address, asked);
    const at = session.clock.now();
    if (!response.ok)
      return failed(failureOf(response.status, await response.text(), response.headers));
    const length = Number(response.headers.get('content-length') ?? 0);
    const bytes = length > LARGEST_BYTES ? undefined : new Uint8Array(await response.arrayBuffer());
    if (session.signal.aborted) return failed({ kind: 'cancelled' });
    if (!bytes || bytes.length > LARGEST_BYTES)
      return failed({ kind: 'not-understood', detail: 'the file is too large to open safely' });
    const type = mediaType(response.headers.get('content-type') ?? undefined);
    const content = type?.endsWith('json') ? unpacked(bytes) : { bytes, type };
    return content
      ? { ok: true, value: content, at }
      : failed({ kind: 'not-understood', detail: 'the answer is no file' });
  } catch (error) {
    return failed(failureOfThrown(error, session.signal));
  }
}

function unpacked(bytes: Uint8Array<ArrayBuffer>): Content | undefined {
  const parsed = parseObject(new TextDecoder().decode(bytes));
  const binary = parsed.ok ? Binary.safeParse(parsed.value) : undefined;
  return binary?.success ? fromBase64(binary.data.data, binary.data.contentType) : undefined;
}

/** Inline content (R4 Attachment.data, Binary.data); undefined where it is not base64. */
export function fromBase64(data: string, type: string | undefined): Content | undefined {
  try {
    const bytes = Uint8Array.from(atob(data.replace(/\s/g, '')), one => one.charCodeAt(0));
    return { bytes, type: mediaType(type) };
  } catch {
    return undefined;
  }
}

/** `Text/Plain; charset=utf-8` → `text/plain`. A stream of octets says nothing about what they are. */
export function mediaType(said: string | undefined): string | undefined {
  const [type] = (said ?? '').toLowerCase().split(';');
  const known = type?.trim();
  return !known || known.endsWith('/octet-stream') ? undefined : known;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Raw } from '../src/fhir/ask.ts';

/**
 * HL7's own examples of the types we read, from the npm package hl7.fhir.r4.examples 4.0.1 (CC0-1.0): all of them, one to
 * a line, pictures and sounds in base64 cut short. The package itself is 188 MB, too much to install for this.
 */
const FILE = join(import.meta.dirname, 'examples/hl7.fhir.r4.examples-4.0.1.ndjson.gz');

export const examples: readonly Raw[] = gunzipSync(readFileSync(FILE))
  .toString('utf8')
  .split('\n')
  .map(line => JSON.parse(line) as Raw);

/** As if they were all about our patient: otherwise nearly all of them would be set aside unread. */
export const examplesAbout = (patient: string): readonly Raw[] =>
  examples.map(raw => ({
    ...raw,
    ...('subject' in raw ? { subject: { reference: patient } } : {}),
    ...('patient' in raw ? { patient: { reference: patient } } : {}),
  }));

import { ask, type Raw } from '../../fhir/ask.ts';
import { rememberDecimals } from '../../fhir/decimals.ts';
import type { Answer } from '../../fhir/failure.ts';
import type { Session } from '../../fhir/session.ts';
import type { At } from './at.ts';

/** The session of a source whose numbers are kept as they were written. */
export const exact = (session: Session): Session => ({ ...session, parsed: rememberDecimals });

/**
 * A search by POST, which names the patient in its body (R4 «search»; HL7 Norway best practice). Never in the address,
 * which servers and proxies write down (SAFETY S11).
 */
export function searchByPost(
  { session, nin }: At,
  type: string,
  parameters: Readonly<Record<string, string>>,
  heard?: (headers: Headers) => void,
): Promise<Answer<Raw>> {
  const form = new URLSearchParams({
    'patient.identifier': `${nin.system}|${nin.value}`,
    ...parameters,
  });
  return ask(session, `${type}/_search`, {
    method: 'POST',
    bodyType: 'application/x-www-form-urlencoded',
    body: form.toString(),
    ...(heard ? { heard } : {}),
  });
}

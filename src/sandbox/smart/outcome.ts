/** FHIR R4, OperationOutcome: how this server says no. */
export const outcome = (code: string, diagnostics: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics }],
});

export const FHIR_JSON = 'application/fhir+json; charset=utf-8';

export function refuse(
  status: number,
  code: string,
  diagnostics: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(outcome(code, diagnostics)), {
    status,
    headers: { 'Content-Type': FHIR_JSON, 'Cache-Control': 'no-store', ...headers },
  });
}

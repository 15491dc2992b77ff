/** Every refusal is an OperationOutcome with a code and a sentence (FHIR R4, OperationOutcome). */
import type { FhirResponse } from '../types.ts';

/** Local code system for access answers; also named in docs/fhir.md. */
const ACCESS_CODES = 'https://example.org/fhir/CodeSystem/no-plan-access';

/** The part of http://hl7.org/fhir/issue-type the store uses. */
export type IssueCode =
  | 'conflict'
  | 'code-invalid'
  | 'deleted'
  | 'duplicate'
  | 'forbidden'
  | 'incomplete'
  | 'informational'
  | 'invalid'
  | 'invariant'
  | 'multiple-matches'
  | 'not-found'
  | 'not-supported'
  | 'required'
  | 'structure'
  | 'suppressed'
  | 'transient'
  | 'value';

export interface Issue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: IssueCode;
  readonly diagnostics: string;
  readonly details?: {
    readonly coding: readonly { readonly system: string; readonly code: string }[];
  };
  readonly expression?: readonly string[];
}

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly Issue[];
}

/** Ends an interaction with a status other than success; inside a transaction it also undoes the others. */
export class Refusal extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, issues: readonly Issue[]) {
    super(issues.map(each => each.diagnostics).join(' '));
    this.name = 'Refusal';
    this.status = status;
    this.issues = issues;
  }
}

export function refusal(
  status: number,
  code: IssueCode,
  diagnostics: string,
  expression?: string,
): Refusal {
  const where = expression === undefined ? {} : { expression: [expression] };
  return new Refusal(status, [{ severity: 'error', code, diagnostics, ...where }]);
}

export function accessRefusal(
  code: 'forbidden' | 'suppressed',
  coding: string,
  says: string,
): Refusal {
  return new Refusal(403, [accessIssue('error', code, coding, says)]);
}

export function accessIssue(
  severity: 'error' | 'warning',
  code: 'forbidden' | 'suppressed',
  coding: string,
  diagnostics: string,
): Issue {
  return {
    severity,
    code,
    details: { coding: [{ system: ACCESS_CODES, code: coding }] },
    diagnostics,
  };
}

export function outcomeOf(issues: readonly Issue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues };
}

export function responseOf(refused: Refusal): FhirResponse {
  return { status: refused.status, headers: FHIR_JSON, body: outcomeOf(refused.issues) };
}

export const FHIR_JSON: Readonly<Record<string, string>> = {
  'Content-Type': 'application/fhir+json; charset=utf-8',
};

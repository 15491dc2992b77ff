/** The few shapes the parts of the sandbox share. Each part knows only these, never each other. */

export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: {
    readonly versionId?: string;
    readonly lastUpdated?: string;
    readonly [key: string]: unknown;
  };
  readonly [element: string]: unknown;
}

/** Who is asking, as the authorization server wrote it into the access token. */
export interface Access {
  /** Sandbox user id, `u-lv`; undefined for a machine. */
  readonly user: string | undefined;
  /** Logical id of the patient in context; undefined = no patient-level scopes. */
  readonly patient: string | undefined;
  /** Granted SMART scopes, v1 (`patient/Observation.read`) or v2 (`patient/Observation.rs?category=..`). */
  readonly scopes: readonly string[];
  /** HL7 v3 PurposeOfUse: TREAT, ETREAT, COC or BTG. */
  readonly purpose: string | undefined;
  /** The clock of this session: the demo's time, moving at normal speed. */
  readonly now: () => Date;
}

/** What a user may see of one resource; `restricted` = exists, kept back by the patient, and the user is told so. */
export type Visibility = 'show' | 'hide' | 'restricted';

export interface Policy {
  readonly sees: (access: Access, resource: Resource) => Visibility;
  /** The patient has blocked this user: every answer is 403, whatever the question. */
  readonly blocked: (access: Access, patientId: string) => boolean;
  /** May this caller put this content into the store? Asked beside scopes; unless told, whoever has the scope may. */
  readonly mayWrite?: (access: Access, resource: Resource) => boolean;
  /** The patient keeps back this whole type, whether or not the store holds any of it. */
  readonly withheld?: (access: Access, patientId: string, type: string) => boolean;
}

/** The FHIR types a user may be granted on a patient; `any` = no limit, `none` = not even a token. */
export type Reach = 'any' | 'none' | ReadonlySet<string>;

/** One FHIR interaction, whether it came alone or as an entry of a batch. `path` is relative to the base: `Patient/p1`. */
export interface FhirRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface FhirResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined = empty body (304, or 204). */
  readonly body: unknown;
}

/** Asked before each interaction and each entry of a batch; a response stands in for the store's own (fault rules). */
export type Intercept = (request: FhirRequest) => Promise<FhirResponse | undefined>;

export interface FhirServer {
  readonly handle: (
    request: FhirRequest,
    access: Access,
    intercept?: Intercept,
  ) => Promise<FhirResponse>;
}

export interface SandboxUser {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string;
  readonly hpr: string | undefined;
  /** Relative reference for `fhirUser`: `PractitionerRole/u-lv` is not allowed by SMART, so `Practitioner/u-lv`. */
  readonly fhirUser: string;
}

export interface SandboxPatient {
  /** Short name in launch URLs: `p1`. */
  readonly id: string;
  /** Logical id of the Patient resource in the store. */
  readonly patientId: string;
  readonly name: string;
  readonly born: string;
}

import type { Reach, Resource, SandboxPatient, SandboxUser } from '../types.ts';
import type { Client } from './authorize.ts';
import type { Clock } from './clock.ts';
import type { Endpoints } from './discovery.ts';
import type { Grants } from './grants.ts';
import type { Launches } from './launches.ts';

export interface SmartOptions {
  readonly at: Endpoints;
  readonly clients: readonly Client[];
  readonly launches: Launches;
  readonly grants: Grants;
  readonly wall: Clock;
  /** The clock of a session whose launch chose none. */
  readonly demoClock: () => Clock;
  readonly users: () => readonly SandboxUser[];
  readonly patients: () => readonly SandboxPatient[];
  /** FHIR types the server has; undefined = it did not say. */
  readonly types: () => Promise<ReadonlySet<string> | undefined>;
  /** What the launch context knows beyond user and patient. */
  readonly resources: (type: string) => readonly Resource[];
  readonly reach: (user: SandboxUser, patient: SandboxPatient) => Reach;
  /** A further limit, after all others. */
  readonly limit: (
    user: SandboxUser,
    scopes: readonly string[],
    patientId: string | undefined,
  ) => readonly string[];
}

import { readDataFiles } from '../data-files.ts';
import { demoPatients, demoResources } from '../demo/demo.ts';
import type { SandboxStore } from '../sandbox.ts';
import type { Resource, SandboxPatient } from '../types.ts';
import type { Upstream } from '../upstream.ts';

/** What came in with `--data`, or from the server behind `--fhir`. */
export interface Loaded {
  readonly resources: number;
  readonly problems: readonly string[];
}

/** Who and what the sandbox holds. Filled once, at the first request or at the start. */
export interface Holdings {
  readonly patients: () => readonly SandboxPatient[];
  readonly filled: () => Promise<Loaded>;
  /** As `filled`, and asks an upstream once more that was down before. */
  readonly refreshed: () => Promise<void>;
}

export function upstreamHoldings(upstream: Upstream, name: string): Holdings {
  let patients: readonly SandboxPatient[] = [];
  async function ask() {
    if (patients.length === 0) patients = await upstream.patients();
  }
  return {
    patients: () => patients,
    refreshed: ask,
    async filled() {
      await ask();
      const problems =
        patients.length > 0 ? [] : [`${name} shows no patients, or does not answer.`];
      return { resources: patients.length, problems };
    },
  };
}

/** The demo's people, and beside them those of `--data`; where ids clash, the demo's stay. */
export function ownHoldings(store: SandboxStore, dataPath: string | undefined): Holdings {
  let patients: readonly SandboxPatient[] = demoPatients;
  let filling: Promise<Loaded> | undefined;

  async function fill(): Promise<Loaded> {
    store.load(demoResources());
    if (dataPath === undefined) return { resources: 0, problems: [] };
    const read = await readDataFiles(dataPath);
    const kept = read.resources.filter(one => !isOfTaken(one));
    store.load(kept);
    patients = [...demoPatients, ...read.patients.filter(one => !isTaken(one.id))];
    const clashes = read.patients
      .filter(one => isTaken(one.id))
      .map(one => `Patient/${one.id} has the id of a demo patient and was left out.`);
    return { resources: read.resources.length, problems: [...read.problems, ...clashes] };
  }
  const filled = () => {
    filling ??= fill();
    return filling;
  };

  return {
    patients: () => patients,
    filled,
    async refreshed() {
      await filled();
    },
  };
}

const isTaken = (id: string | undefined) =>
  demoPatients.some(one => one.id === id || one.patientId === id);

/** A file's `Patient/p1` is somebody else than the demo's, and so is everything about them. */
const isOfTaken = (resource: Resource) =>
  (resource.resourceType === 'Patient' && isTaken(resource.id)) ||
  [...JSON.stringify(resource).matchAll(/"reference":"(?:[^"]*\/)?Patient\/([^"/]+)/g)].some(
    ([, id]) => isTaken(id),
  );

import { z } from 'zod/mini';
import { ask, isRaw, parseJson, type Raw } from '../../fhir/ask.ts';
import { type Answer, failed } from '../../fhir/failure.ts';
import type { Found } from '../../fhir/searchset.ts';
import { either, entryFor } from '../../fhir/shapes.ts';
import type { Plan, PlanStanding, Zone } from '../model.ts';
import { partOf } from '../parts.ts';
import { nothingSaid } from '../plans/nothing-said.ts';
import { NO_DETAILS } from '../plans/plan-details.ts';
import type { Item, SetAside } from '../reading.ts';
import type { Adapter, At } from './at.ts';

/** What the EHR's copy of such a plan is known by (docs/fhir.md, «planer»). */
const PLANER_ID = 'https://example.org/fhir/NamingSystem/planer';

const words = z.optional(z.nullable(z.string()));
const Content = z.looseObject({
  title: words,
  description: words,
  zones: z.optional(z.nullable(z.array(z.unknown()))),
});
const Zoned = z.looseObject({ condition: words, action: words, level: words });
const Shape = z.looseObject({
  id: either(z.string(), z.number()),
  version: z.optional(z.nullable(either(z.number(), z.string()))),
  status: words,
  comment: words,
  subject: words,
  updated_by: words,
  updated_at: words,
  clinical_content: z.optional(z.nullable(Content)),
});
type Wire = z.output<typeof Shape>;

/**
 * NHN «planer»: the patient's self-treatment plans with zones, in a JSON of its own (FHIR.md 3.1). The patient is named
 * in a header, never in the address.
 */
export const readPlaner: Adapter = async at => {
  const headers = { 'nhn-patient-nin': at.nin.value };
  const answer = plansIn(await ask(at.session, 'plans', { headers, parse: listOf }));
  const items: Plan[] = [];
  const setAside: SetAside[] = [];
  for (const raw of answer.ok ? answer.value.matches : []) {
    const aside =
      notTheirs(raw, at) ?? (raw['status'] === 'entered-in-error' ? 'withdrawn' : undefined);
    if (aside) setAside.push({ ref: refOf(raw), why: aside });
    else items.push(planIn(raw, at));
  }
  return {
    plans: [partOf(at.session.label, 'CarePlan', answer, { items, setAside }, true)],
  };
};

/** A list of plans, and nothing but a list. */
function listOf(text: string) {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (Array.isArray(value)) return { ok: true as const, value: { plans: value } };
  return failed({ kind: 'not-understood', detail: 'expected a list of plans' });
}

/** An entry that is not even an object is a gap: there may be more plans than those shown. */
function plansIn(answer: Answer<Raw>): Answer<Found> {
  if (!answer.ok) return answer;
  const entries = [answer.value['plans']].flat();
  const matches = entries.filter(isRaw);
  const { at } = answer;
  const gaps = matches.length === entries.length ? [] : (['not-an-entry'] as const);
  return { ok: true, at, value: { matches, included: [], remarks: [], gaps, at } };
}

function notTheirs({ subject }: Raw, { nin }: At): SetAside['why'] | undefined {
  if (typeof subject !== 'string' || subject === '') return 'no-patient';
  return subject === nin.value ? undefined : 'other-patient';
}

const refOf = ({ id }: Raw) =>
  typeof id === 'string' || typeof id === 'number' ? `Plan/${id}` : 'Plan';

function planIn(raw: Raw, at: At): Plan {
  const parsed = Shape.safeParse(raw);
  const about: Item = {
    source: { from: at.session.label, ref: refOf(raw), version: undefined, lastUpdated: undefined },
    identifiers: [],
    flags: [],
    why: [],
  };
  if (parsed.success) return plan(parsed.data, about);
  const why = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { ...about, ...nothingSaid, kind: 'self-treatment', flags: ['unreadable'], why };
}

function plan(wire: Wire, about: Item): Plan {
  const content = wire.clinical_content ?? undefined;
  const version = wire.version ?? undefined;
  const item = {
    ...about,
    source: {
      ...about.source,
      version: version === undefined ? undefined : String(version),
      lastUpdated: wire.updated_at ?? undefined,
    },
    identifiers: [`${PLANER_ID}|${wire.id}`],
  };
  return {
    // Zones and nothing else; whom to call is not in them.
    ...nothingSaid,
    kind: 'self-treatment',
    ...item,
    title: content?.title ?? undefined,
    version: item.source.version,
    standing: entryFor(STANDINGS, wire.status ?? '') ?? 'doubtful',
    from: wire.updated_at ?? undefined,
    summary: content?.description ?? undefined,
    zones: (content?.zones ?? []).map((zone, index) => zoneIn(zone, item, index)),
    details: {
      ...NO_DETAILS,
      updatedBy: wire.updated_by ?? undefined,
      comment: wire.comment ?? undefined,
    },
  };
}

const STANDINGS: Readonly<Record<string, PlanStanding>> = {
  active: 'in-force',
  draft: 'draft',
  revoked: 'ended',
  completed: 'ended',
  'on-hold': 'ended',
  deleted: 'ended',
};

const LEVELS: readonly Zone['level'][] = ['green', 'yellow', 'red'];

function zoneIn(zone: unknown, about: Item, index: number): Zone {
  const parsed = Zoned.safeParse(zone);
  const wire = parsed.success ? parsed.data : undefined;
  const flags = parsed.success ? [] : (['unreadable'] as const);
  return {
    ...about,
    source: { ...about.source, ref: `${about.source.ref}#${index + 1}` },
    identifiers: [],
    flags,
    level: LEVELS.find(level => level === wire?.level),
    condition: wire?.condition ?? undefined,
    lines: [{ kind: 'measure', text: wire?.action ?? undefined, not: false, status: undefined }],
    standing: 'in-force',
  };
}

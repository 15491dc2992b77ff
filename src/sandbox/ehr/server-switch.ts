import { Hono } from 'hono';
import { isKept } from '../r4/table.ts';
import { type Abilities, ALL_ABILITIES } from '../store/abilities.ts';

export interface ServerSwitch {
  readonly abilities: () => Abilities;
  readonly routes: Hono;
}

/** `/ehr/server`: makes the sandbox's FHIR server one that does less, as many in the world do, and says so. */
export function serverSwitch(isOurs: boolean): ServerSwitch {
  let now = ALL_ABILITIES;
  const routes = new Hono()
    .get('/ehr/server', c => c.json(now))
    .post('/ehr/server', async c => {
      const read = isOurs
        ? readWish(await c.req.text())
        : 'The server behind is not ours to change.';
      if (typeof read === 'string') return c.json({ error: read }, 400);
      now = { ...ALL_ABILITIES, ...read };
      return c.json(now);
    })
    .delete('/ehr/server', c => {
      now = ALL_ABILITIES;
      return c.body(null, 204);
    });
  return { abilities: () => now, routes };
}

const isFlag = (value: unknown) => typeof value === 'boolean';

/** Each field, whether a value will do, and what to say where it will not. */
const FIELDS: Readonly<Record<keyof Abilities, readonly [(value: unknown) => boolean, string]>> = {
  transactions: [value => isFlag(value) || value === 'as-batch', 'true, false or "as-batch"'],
  updateCreate: [isFlag, 'true or false'],
  conditionalCreate: [isFlag, 'true or false'],
  takes: [
    value => Array.isArray(value) && value.every(one => typeof one === 'string' && isKept(one)),
    'a list of resource types this server keeps',
  ],
  raceMs: [
    value => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 60_000,
    'a whole number from 0 to 60000',
  ],
  rejectBlindPut: [isFlag, 'true or false'],
};

/** A wish that is not understood would be a test that passes for the wrong reason; so say which field. */
function readWish(text: string): Partial<Abilities> | string {
  let wish: unknown;
  try {
    wish = JSON.parse(text);
  } catch {
    return 'The body is not valid JSON.';
  }
  if (typeof wish !== 'object' || wish === null || Array.isArray(wish))
    return 'The body must be an object such as {"transactions":false}.';
  for (const [name, value] of Object.entries(wish)) {
    const field = Object.entries(FIELDS).find(([one]) => one === name);
    if (!field) return `${name} is not a field. The fields are ${Object.keys(FIELDS).join(', ')}.`;
    const [, [fits, choices]] = field;
    if (!fits(value)) return `${name} must be ${choices}.`;
  }
  return wish;
}

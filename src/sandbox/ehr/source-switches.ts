import { Hono } from 'hono';
import type { Switches } from '../sources/switches.ts';

/** `/ehr/sources`: the levers of tests and of the EHR page, which say which national sources answer. */
export function sourceSwitches(switches: Switches): Hono {
  return new Hono()
    .get('/ehr/sources', c => c.json(switches.list()))
    .post('/ehr/sources', async c => {
      const problem = wrongIn(switches, await c.req.text());
      return problem ? c.json({ error: problem }, 400) : c.json(switches.list());
    })
    .delete('/ehr/sources', c => {
      switches.reset();
      return c.body(null, 204);
    });
}

function wrongIn(switches: Switches, text: string): string | undefined {
  let wish: unknown;
  try {
    wish = JSON.parse(text);
  } catch {
    return 'The body is not valid JSON.';
  }
  return switches.set(wish);
}

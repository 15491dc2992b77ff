import { type Context, Hono } from 'hono';
import type { WebSocket } from 'ws';
import type { Topics } from '../hub/topics.ts';
import type { LaunchSituation } from './launch-request.ts';

export interface EhrContext {
  readonly routes: Hono;
  /** The EHR's page of this user, which is told when the patient is switched. */
  readonly attend: (user: string, page: WebSocket) => void;
}

/** Which patient the EHR's user looks at: switched here, shown by the page, published on the hub. */
export function ehrContext(topics: Topics, situation: () => LaunchSituation): EhrContext {
  const pages = new Map<WebSocket, string>();

  /** `POST /ehr/context {user, patient}`; `patient: null` closes the chart. */
  async function show(c: Context) {
    const { user, patient: wanted } = fieldsOf(await c.req.text());
    const { users, patients } = situation();
    if (!users.some(({ id }) => id === user))
      return c.json({ error: 'user is missing or unknown, for example {"user": "u-lv"}.' }, 400);
    const patient = patients.find(({ id }) => id === wanted);
    if (!patient && wanted !== null)
      return c.json({ error: 'patient is missing or unknown; null closes the chart.' }, 400);
    topics.show(String(user), patient);
    for (const [page, whose] of pages)
      if (whose === user) page.send(JSON.stringify({ patient: patient?.id ?? '' }));
    return c.json({ user, patient: patient?.id ?? null });
  }

  /** `POST /ehr/logout {user}`: the user leaves the EHR, and every app is told. */
  async function logOut(c: Context) {
    const { user } = fieldsOf(await c.req.text());
    topics.logOut(String(user));
    return c.json({ user });
  }

  return {
    routes: new Hono().post('/ehr/context', c => show(c)).post('/ehr/logout', c => logOut(c)),
    attend(user, page) {
      pages.set(page, user);
      page.on('close', () => pages.delete(page));
    },
  };
}

function fieldsOf(text: string): { readonly user?: unknown; readonly patient?: unknown } {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

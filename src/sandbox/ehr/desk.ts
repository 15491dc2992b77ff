import { readFile } from 'node:fs/promises';
import { type Context, Hono } from 'hono';
import { type Faults, readRules } from '../faults.ts';
import type { Topics } from '../hub/topics.ts';
import { momentAdvice, readMoment } from '../smart/clock.ts';
import { type Launches, secret } from '../smart/launches.ts';
import type { Switches } from '../sources/switches.ts';
import type { FhirServer } from '../types.ts';
import { readChart } from './chart.ts';
import { type LaunchSituation, readLaunch } from './launch-request.ts';
import type { RequestLog } from './log.ts';
import { workspacePage } from './page.ts';

export interface DeskOptions {
  readonly fhirBase: string;
  /** Where the app answers; the first is the one launched. */
  readonly appOrigins: readonly string[];
  readonly server: FhirServer;
  readonly launches: Launches;
  readonly topics: Topics;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** How the national sources are switched. */
  readonly sources: Switches['list'];
  readonly situation: () => LaunchSituation;
}

/** The mock EHR: its page, its launches, and the two levers tests pull (log and scenario). */
export function ehrDesk(options: DeskOptions): Hono {
  const { fhirBase, appOrigins, server, launches, topics, faults, log, sources, situation } =
    options;
  const launchPage = `${appOrigins[0]}/launch.html`;

  async function page(c: Context) {
    const query = new URL(c.req.url).searchParams;
    const now = query.get('now') || undefined;
    const moment = now === undefined ? undefined : readMoment(now);
    const { users, patients, demoClock } = situation();
    const standalone = `${launchPage}?${new URLSearchParams({ iss: fhirBase })}`;
    c.header('Content-Security-Policy', pageCsp(appOrigins));
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    return c.html(
      workspacePage({
        users,
        patients,
        user: query.get('user') || 'u-lv',
        patient: query.get('patient') || (patients.find(one => one.id === 'p1') ?? patients[0])?.id,
        patient2: query.get('patient2') || undefined,
        purpose: query.get('purpose') || undefined,
        now: moment ? now : undefined,
        clock: moment ?? demoClock()(),
        standalone,
        sources: sources(),
        problem: now !== undefined && !moment ? momentAdvice(now) : undefined,
      }),
    );
  }

  function launch(c: Context) {
    const reading = readLaunch(new URL(c.req.url).searchParams, situation());
    if ('problem' in reading) return problem(c, reading.status, reading.problem);
    const hosted = { topic: secret(16), messagingHandle: secret(16) };
    topics.open(hosted.topic, reading.context.user.id, reading.context.patient);
    const handle = launches.open({ ...reading.context, hosted });
    const url = `${launchPage}?${new URLSearchParams({ iss: fhirBase, launch: handle })}`;
    c.header('Date', reading.context.clock().toUTCString());
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    return wantsJson(c) ? c.json({ iss: fhirBase, launch: handle, url }) : c.redirect(url, 302);
  }

  /** The page hears the app by SMART Web Messaging; this is how it knows which of its charts is speaking. */
  function messaging(c: Context) {
    const context = launches.find(c.req.query('launch') ?? '');
    if (!context?.hosted) return c.json({ error: 'There is no such launch.' }, 404);
    return c.json({ handle: context.hosted.messagingHandle }, 200, { 'Cache-Control': 'no-store' });
  }

  async function chart(c: Context) {
    const reading = readLaunch(new URL(c.req.url).searchParams, situation());
    if ('problem' in reading) return c.json({ error: reading.problem }, reading.status);
    const { user, patient, purpose, clock } = reading.context;
    if (!patient) return c.json({ error: 'No patient.' }, 404);
    const access = {
      user: user.id,
      patient: patient.patientId,
      scopes: ['user/*.rs'],
      purpose,
      now: clock,
    };
    return c.json(await readChart(server, patient, access), 200, { 'Cache-Control': 'no-store' });
  }

  async function scenario(c: Context) {
    const text = await c.req.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return c.json({ error: 'The body is not valid JSON.' }, 400);
    }
    const read = readRules(json);
    if ('problem' in read) return c.json({ error: read.problem }, 400);
    faults.set(read.rules);
    return c.json(faults.list());
  }

  return new Hono()
    .get('/', c => page(c))
    .get('/ehr/workspace.css', file('./workspace.css', 'text/css; charset=utf-8'))
    .get('/ehr/workspace.js', file('./workspace.js', 'text/javascript; charset=utf-8'))
    .get('/ehr/launch', c => launch(c))
    .get('/ehr/chart', c => chart(c))
    .get('/ehr/messaging', c => messaging(c))
    .get('/ehr/log', c => c.json(log.rows()))
    .delete('/ehr/log', c => {
      log.clear();
      return c.body(null, 204);
    })
    .get('/ehr/scenario', c => c.json(faults.list()))
    .post('/ehr/scenario', c => scenario(c))
    .delete('/ehr/scenario', c => {
      faults.clear();
      return c.body(null, 204);
    });
}

const wantsJson = (c: Context) => (c.req.header('accept') ?? '').includes('application/json');

/** The app's frame may navigate to the authorization server and back, so both origins are in `frame-src`. */
const pageCsp = (appOrigins: readonly string[]) =>
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
  `frame-src 'self' ${appOrigins.join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const problem = (c: Context, status: 400 | 404, sentence: string) =>
  wantsJson(c) ? c.json({ error: sentence }, status) : c.text(`${sentence}\n`, status);

const file = (name: string, type: string) => async (c: Context) =>
  c.body(await readFile(new URL(name, import.meta.url), 'utf8'), 200, {
    'Content-Type': type,
    'Cache-Control': 'no-cache',
  });

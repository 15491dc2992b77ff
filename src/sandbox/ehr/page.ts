import { html } from 'hono/html';
import { inNorwegian } from '../smart/clock.ts';
import { SOURCE_KEYS, type SourceKey } from '../sources/paths.ts';
import { choicesOf, type SwitchState } from '../sources/switches.ts';
import type { SandboxPatient, SandboxUser } from '../types.ts';

export interface WorkspaceView {
  readonly users: readonly SandboxUser[];
  readonly patients: readonly SandboxPatient[];
  readonly user: string;
  readonly patient: string | undefined;
  readonly patient2: string | undefined;
  readonly purpose: string | undefined;
  /** As it stood in the URL; undefined = the demo's own time. */
  readonly now: string | undefined;
  readonly clock: Date;
  readonly standalone: string;
  readonly sources: Readonly<Record<SourceKey, SwitchState>>;
  readonly problem: string | undefined;
}

/** The mock journal. One journal per page, one or two charts in it, one sidebar frame per chart. */
export function workspacePage(view: WorkspaceView) {
  const { users, user, purpose, now, clock, standalone, problem } = view;
  const unknownUser = users.some(one => one.id === user)
    ? undefined
    : `Det finnes ingen bruker ${user}.`;
  const chosenPurpose = purpose ?? usualPurpose(user);
  return html`<!doctype html>
<html lang="nb">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Fjordvik journal (demo)</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/ehr/workspace.css">
    <script type="module" src="/ehr/workspace.js"></script>
  </head>
  <body class="workspace" data-now="${now ?? ''}">
    <header>
      <h1>Fjordvik journal</h1>
      <p class="demo">Demo – bare testpersoner</p>
      <p class="field">
        <label for="user">Bruker</label>
        <select id="user" autocomplete="off">
          ${unknownUser ? html`<option value="" selected>Velg bruker</option>` : ''}
          ${users.map(
            one =>
              html`<option value="${one.id}" data-purpose="${usualPurpose(one.id)}"${one.id === user ? ' selected' : ''}>${one.name}, ${one.role}</option>`,
          )}
        </select>
      </p>
      <p class="field">
        <label for="purpose">Formål</label>
        <select id="purpose" autocomplete="off">
          ${PURPOSE_CHOICES.map(
            ([code, words]) =>
              html`<option value="${code}"${code === chosenPurpose ? ' selected' : ''}>${words}</option>`,
          )}
        </select>
      </p>
      <p class="field">
        <span id="clock-label">Demoklokke</span>
        <time id="clock" aria-labelledby="clock-label" datetime="${clock.toISOString()}">${OSLO_TIME.format(clock)}</time>
      </p>
      ${sourceSwitches(view)}
      <p class="links">
        <button type="button" id="beside"${view.patient2 ? ' hidden' : ''}>Åpne et kort til ved siden av</button>
        <a href="${standalone}" target="_blank" rel="noopener">Start uten journal</a>
      </p>
    </header>
    <div id="problem" role="alert">${[problem, unknownUser].filter(Boolean).join(' ')}</div>
    <main>
      ${chart(view, 1, view.patient)} ${view.patient2 ? chart(view, 2, view.patient2) : ''}
    </main>
    <template id="second">${chart(view, 2, undefined)}</template>
  </body>
</html>`;
}

/** What a demo switches to show a source that is down, or Turid's measurements when they do come. */
function sourceSwitches({ sources }: WorkspaceView) {
  return html`<details class="sources">
        <summary>Kilder</summary>
        <div>
          ${SOURCE_KEYS.map(
            key => html`<p class="field">
            <label for="source-${key}">${SOURCE_NAMES[key]}</label>
            <select id="source-${key}" data-source="${key}" autocomplete="off">
              ${choicesOf(key).map(
                state =>
                  html`<option value="${state}"${state === sources[key] ? ' selected' : ''}>${SWITCH_NAMES[state]}</option>`,
              )}
            </select>
          </p>`,
          )}
        </div>
      </details>`;
}

const SOURCE_NAMES: Readonly<Record<SourceKey, string>> = {
  kj: 'Kjernejournal',
  sfm: 'Legemiddelliste (SFM)',
  pjd: 'Journaldokumenter',
  nilar: 'Prøvesvar',
  pmd: 'Måledata',
  planer: 'Planer',
};

const SWITCH_NAMES: Readonly<Record<SwitchState, string>> = {
  on: 'Svarer',
  off: 'Er nede',
  silent: 'Svarer ikke for Turid',
};

/** The frame has no `src`: the script gives each one a launch of its own. No `sandbox`: a real EHR sets none. */
function chart({ patients, user }: WorkspaceView, number: 1 | 2, patient: string | undefined) {
  const known = patients.some(one => one.id === patient);
  const [name, wanted] =
    number === 1 ? ['Pasientkort', 'patient'] : ['Pasientkort ved siden av', 'patient2'];
  return html`<section class="chart" data-chart="${wanted}" aria-label="${name}">
    <div class="sheet">
      <p class="field">
        <label for="${wanted}">Pasient</label>
        <select id="${wanted}" data-patient autocomplete="off">
          ${known ? '' : html`<option value="" selected>Velg pasient</option>`}
          ${patients.map(
            one =>
              html`<option value="${one.id}"${one.id === patient ? ' selected' : ''}>${one.name}, født ${inNorwegian(one.born)}</option>`,
          )}
        </select>
      </p>
      <p data-message role="status">${patient && !known ? `Det finnes ingen pasient ${patient}.` : ''}</p>
      <div data-sheet hidden>
        <h2 data-name></h2>
        <p>Født <span data-born></span></p>
        <h3>Diagnoser i journalen</h3>
        <ul data-diagnoses></ul>
        <h3>Siste kontakter</h3>
        <ul data-contacts></ul>
        <details>
          <summary>Forordninger du ikke har signert</summary>
          <ul data-orders></ul>
          <form data-order>
            <label>Legemiddel og dose <input name="what" required maxlength="200" autocomplete="off"></label>
            <button>Legg til</button>
          </form>
        </details>
      </div>
      <p class="links">
        <a data-popup href="/ehr/launch?user=${user}&patient=${patient ?? ''}" target="_blank">Åpne i eget vindu</a>
        ${number === 1 ? html`<button type="button" data-panel hidden class="quiet" title="Krever at nettleserutvidelsen er installert">Åpne i nettleserens sidepanel</button>` : ''}
        ${number === 2 ? html`<button type="button" data-close class="quiet">Lukk kortet</button>` : ''}
      </p>
    </div>
    <iframe title="Sideplan" allow="clipboard-write" width="360"></iframe>
  </section>`;
}

const PURPOSE_CHOICES = [
  ['ETREAT', 'Øyeblikkelig hjelp'],
  ['TREAT', 'Helsehjelp'],
  ['COC', 'Samordning'],
] as const;

const EMERGENCY = new Set(['u-lv', 'u-amb', 'u-blokk']);
const WELFARE = new Set(['u-nav', 'u-bv', 'u-skole', 'u-koord', 'u-bkoord', 'u-led']);

function usualPurpose(user: string): string {
  if (EMERGENCY.has(user)) return 'ETREAT';
  return WELFARE.has(user) ? 'COC' : 'TREAT';
}

const OSLO_TIME = new Intl.DateTimeFormat('nb', {
  timeZone: 'Europe/Oslo',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

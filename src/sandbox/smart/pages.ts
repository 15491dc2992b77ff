import { html } from 'hono/html';
import type { SandboxPatient, SandboxUser } from '../types.ts';
import { inNorwegian } from './clock.ts';

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="nb">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/ehr/workspace.css">
  </head>
  <body class="plain">
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>`;

export const refusalPage = (message: string) =>
  page(
    'Innloggingen ble stoppet',
    html`<p>Appen som ba om tilgang, er ikke registrert her med denne adressen.</p>
      <p lang="en">${message}</p>`,
  );

const PURPOSE_WORDS = {
  TREAT: 'Helsehjelp',
  ETREAT: 'Øyeblikkelig hjelp',
  COC: 'Samordning',
  BTG: 'Nødtilgang',
} as const;

/** SMART 2.2, standalone launch: the only page of the authorization server a person meets. */
export const choicePage = (
  pending: string,
  users: readonly SandboxUser[],
  patients: readonly SandboxPatient[],
) =>
  page(
    'Logg inn i Fjordvik journal',
    html`<p><strong>Demo – bare testpersoner.</strong> Velg hvem du er, og hvilken pasient det gjelder.</p>
      <form method="post" action="/auth/choose">
        <input type="hidden" name="pending" value="${pending}">
        <label for="user">Bruker</label>
        <select id="user" name="user">
          ${users.map(user => html`<option value="${user.id}">${user.name}, ${user.role}</option>`)}
        </select>
        <label for="patient">Pasient</label>
        <select id="patient" name="patient">
          ${patients.map(patient => html`<option value="${patient.id}">${patient.name}, født ${inNorwegian(patient.born)}</option>`)}
          <option value="">Ingen pasient</option>
        </select>
        <label for="purpose">Formål</label>
        <select id="purpose" name="purpose">
          ${Object.entries(PURPOSE_WORDS).map(([code, words]) => html`<option value="${code}">${words}</option>`)}
        </select>
        <div class="buttons">
          <button name="answer" value="yes">Logg inn</button>
          <button name="answer" value="no" class="quiet">Avbryt</button>
        </div>
      </form>`,
  );

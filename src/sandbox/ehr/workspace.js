// The mock journal's page. Plain JavaScript, because the browser gets this file as it stands.

const by = id => document.getElementById(id);
const user = by('user');
const purpose = by('purpose');
const clock = by('clock');
const main = document.querySelector('main');
const now = document.body.dataset.now;

const charts = () => [...document.querySelectorAll('main [data-chart]')];
const patientOf = chart => chart.querySelector('[data-patient]').value;

/** The time the journal shows; each launch answers with its session's time. */
let ahead = Date.parse(clock.dateTime) - Date.now();
const OSLO_TIME = new Intl.DateTimeFormat('nb', {
  timeZone: 'Europe/Oslo',
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

function showTime() {
  const shown = new Date(Date.now() + ahead);
  clock.dateTime = shown.toISOString();
  clock.textContent = OSLO_TIME.format(shown);
}

const launchQuery = chart =>
  new URLSearchParams({
    user: user.value,
    patient: patientOf(chart),
    purpose: purpose.value,
    ...(now ? { now } : {}),
  });

/** The newest launch of each frame; an older answer that comes late is not shown. */
const newest = new WeakMap();

/** SMART Web Messaging: the handle that the app in each chart's frame speaks with. */
const handles = new WeakMap();

/** What each chart's frame was opened with: what the extension's panel is given too. */
const opened = new WeakMap();

/**
 * What this page says to the extension's panel beside it, if there is one (docs/deploy.md): no more than `{iss, launch}`
 * or whose launch the chart on screen belongs to. The panel belongs to the page, so only its own chart speaks.
 */
function tellPanel(chart, sideplan) {
  if (chart === charts()[0]) postMessage({ sideplan }, location.origin);
}

/** What the user has begun in each chart and not signed: drafts, gone when another patient is opened. */
const scratchpads = new WeakMap();

function begin(chart, orders) {
  scratchpads.set(chart, orders);
  const shown = orders.map(order => order.medicationCodeableConcept.text);
  list(chart.querySelector('[data-orders]'), 'Usignerte forordninger', shown);
}

/** A new launch in this chart's frame only. `replace`, so that Back does not bring the former patient. */
async function open(chart) {
  const turn = {};
  newest.set(chart, turn);
  handles.delete(chart);
  opened.delete(chart);
  tellPanel(chart, { context: null });
  begin(chart, []);
  const frame = chart.querySelector('iframe');
  const sheet = chart.querySelector('[data-sheet]');
  const message = chart.querySelector('[data-message]');
  const popup = chart.querySelector('[data-popup]');
  const panel = chart.querySelector('[data-panel]');
  const ready = user.value !== '' && patientOf(chart) !== '';
  sheet.hidden = true;
  popup.hidden = !ready;
  if (panel) panel.hidden = true;
  frame.contentWindow.location.replace('about:blank');
  if (!ready) return;

  message.textContent = '';
  popup.href = `/ehr/launch?${launchQuery(chart)}`;
  try {
    const [launch, read] = await Promise.all([
      get(`/ehr/launch?${launchQuery(chart)}`),
      get(`/ehr/chart?${launchQuery(chart)}`),
    ]);
    const spoken = await get(`/ehr/messaging?launch=${encodeURIComponent(launch.json.launch)}`);
    if (newest.get(chart) !== turn) return;
    handles.set(chart, spoken.json.handle);
    opened.set(chart, { iss: launch.json.iss, launch: launch.json.launch });
    tellPanel(chart, { context: launch.json.launch });
    if (panel) panel.hidden = false;
    ahead = launch.date - Date.now();
    showTime();
    frame.contentWindow.location.replace(launch.json.url);
    fill(chart, read.json);
    sheet.hidden = false;
  } catch (error) {
    if (newest.get(chart) === turn) message.textContent = `Journalen svarte ikke. ${error.message}`;
  }
}

async function get(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  const json = await response.json();
  if (!response.ok) throw new Error(json.error);
  return { json, date: Date.parse(response.headers.get('Date')) };
}

function fill(chart, { name, born, diagnoses, contacts }) {
  chart.querySelector('[data-name]').textContent = name;
  chart.querySelector('[data-born]').textContent = born;
  list(chart.querySelector('[data-diagnoses]'), 'Diagnoser', diagnoses);
  list(chart.querySelector('[data-contacts]'), 'Kontakter', contacts);
}

/** An empty list may be a role that sees none of it, so it never says that there is none. */
function list(element, what, lines) {
  const shown =
    lines.length > 0 ? lines : [`${what} er ikke registrert, eller ikke vist for denne brukeren.`];
  element.replaceChildren(
    ...shown.map(line => {
      const item = document.createElement('li');
      item.textContent = line;
      return item;
    }),
  );
}

/** The URL says what is open, so that a reload brings it back. */
function keepUrl() {
  const shown = new URLSearchParams({ user: user.value, purpose: purpose.value });
  for (const chart of charts()) shown.set(chart.dataset.chart, patientOf(chart));
  if (now) shown.set('now', now);
  history.replaceState(null, '', `/?${shown}`);
}

function attend(chart) {
  chart.querySelector('[data-patient]').addEventListener('change', () => {
    keepUrl();
    void open(chart);
  });
  chart.querySelector('[data-popup]').addEventListener('click', event => {
    event.preventDefault();
    window.open(event.currentTarget.href, '_blank', 'popup,width=420,height=900');
  });
  chart.querySelector('[data-panel]')?.addEventListener('click', () => {
    tellPanel(chart, opened.get(chart));
  });
  chart.querySelector('[data-order]').addEventListener('submit', event => {
    event.preventDefault();
    const order = {
      resourceType: 'MedicationRequest',
      id: crypto.randomUUID(),
      status: 'draft',
      intent: 'order',
      medicationCodeableConcept: { text: new FormData(event.target).get('what') },
      subject: { reference: `Patient/${patientOf(chart)}` },
    };
    begin(chart, [...scratchpads.get(chart), order]);
    event.target.reset();
  });
  chart.querySelector('[data-close]')?.addEventListener('click', () => {
    chart.remove();
    by('beside').hidden = false;
    by('beside').focus();
    keepUrl();
  });
}

/** Somebody else switched the patient (`POST /ehr/context`): the journal shows it, the frame is the app's own affair. */
async function show(chart, patient) {
  chart.querySelector('[data-patient]').value = patient;
  keepUrl();
  const sheet = chart.querySelector('[data-sheet]');
  sheet.hidden = true;
  begin(chart, []);
  if (!patient) return;
  const read = await get(`/ehr/chart?${launchQuery(chart)}`);
  if (patientOf(chart) !== patient) return;
  fill(chart, read.json);
  sheet.hidden = false;
}

let listening;
function listen() {
  listening?.close();
  const address = new URL(`/ehr/context?user=${user.value}`, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  listening = new WebSocket(address);
  listening.addEventListener('message', ({ data }) => {
    const [chart] = charts();
    if (chart) void show(chart, JSON.parse(data).patient);
  });
}

/** What an app may read of the journal's page (SMART Web Messaging, `scratchpad.read`). */
const readings = {
  'scratchpad.read': chart => ({ scratchpad: scratchpads.get(chart) }),
};

/** The activities this journal knows. Its medication module is the form for a new order. */
const launches = {
  'sideplan-launch': chart => () => open(chart),
  'https://example.org/sideplan/activity/medication-review': chart => () => {
    const order = chart.querySelector('[data-order]');
    order.closest('details').open = true;
    order.elements.what.focus();
  },
};

/** What an app may ask of the journal's page (SMART Web Messaging, `ui.*`): what will be done, or nothing. */
const activities = {
  'ui.done': chart => () => {
    handles.delete(chart);
    chart.querySelector('iframe').contentWindow.location.replace('about:blank');
    chart.querySelector('[data-message]').textContent =
      'Sideplan er lukket. Velg pasienten på nytt for å åpne.';
  },
  'ui.launchActivity': (chart, { activityType }) =>
    patientOf(chart) ? launches[activityType]?.(chart) : undefined,
};

/** Heard only from the very frame the handle was given to; its origin is where the answer goes. */
addEventListener('message', ({ data, origin, source }) => {
  const chart = charts().find(one => one.querySelector('iframe').contentWindow === source);
  if (!chart || !handles.has(chart) || data?.messagingHandle !== handles.get(chart)) return;
  const act = activities[data.messageType]?.(chart, data.payload ?? {});
  const read = readings[data.messageType]?.(chart);
  const payload = { status: act || read ? 'success' : 'error', ...read };
  const messageId = crypto.randomUUID();
  source.postMessage({ messageId, responseToMessageId: data.messageId, payload }, origin);
  // First the answer: what is done may take the frame away.
  if (act) setTimeout(() => act());
});

function openAll() {
  keepUrl();
  for (const chart of charts()) void open(chart);
}

user.addEventListener('change', () => {
  purpose.value = user.selectedOptions[0].dataset.purpose ?? purpose.value;
  listen();
  openAll();
});
purpose.addEventListener('change', openAll);

by('beside').addEventListener('click', () => {
  const chart = by('second').content.firstElementChild.cloneNode(true);
  main.append(chart);
  attend(chart);
  by('beside').hidden = true;
  keepUrl();
  void open(chart);
  chart.querySelector('[data-patient]').focus();
});

/** The sources are switched for everybody at once; the app meets it at its next question. */
for (const choice of document.querySelectorAll('[data-source]')) {
  choice.addEventListener('change', async () => {
    const body = JSON.stringify({ [choice.dataset.source]: choice.value });
    const response = await fetch('/ehr/sources', { method: 'POST', body });
    if (!response.ok) by('problem').textContent = (await response.json()).error;
  });
}

for (const chart of charts()) attend(chart);
listen();
for (const chart of charts()) void open(chart);
setInterval(showTime, 1000);

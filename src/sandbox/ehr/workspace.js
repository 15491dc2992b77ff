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

/** A new launch in this chart's frame only. `replace`, so that Back does not bring the former patient. */
async function open(chart) {
  const turn = {};
  newest.set(chart, turn);
  const frame = chart.querySelector('iframe');
  const sheet = chart.querySelector('[data-sheet]');
  const message = chart.querySelector('[data-message]');
  const popup = chart.querySelector('[data-popup]');
  const ready = user.value !== '' && patientOf(chart) !== '';
  sheet.hidden = true;
  popup.hidden = !ready;
  frame.contentWindow.location.replace('about:blank');
  if (!ready) return;

  message.textContent = '';
  popup.href = `/ehr/launch?${launchQuery(chart)}`;
  try {
    const [launch, read] = await Promise.all([
      get(`/ehr/launch?${launchQuery(chart)}`),
      get(`/ehr/chart?${launchQuery(chart)}`),
    ]);
    if (newest.get(chart) !== turn) return;
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
  chart.querySelector('[data-close]')?.addEventListener('click', () => {
    chart.remove();
    by('beside').hidden = false;
    by('beside').focus();
    keepUrl();
  });
}

function openAll() {
  keepUrl();
  for (const chart of charts()) void open(chart);
}

user.addEventListener('change', () => {
  purpose.value = user.selectedOptions[0].dataset.purpose ?? purpose.value;
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

for (const chart of charts()) attend(chart);
for (const chart of charts()) void open(chart);
setInterval(showTime, 1000);

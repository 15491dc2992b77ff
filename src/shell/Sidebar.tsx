import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { Blocked } from './Blocked.tsx';
import type { MenuProps } from './Menu.tsx';
import { PatientBanner } from './PatientBanner.tsx';
import { openTab, TABS, type Tab, tab } from './route.ts';
import { panelId, Tabs, tabId } from './Tabs.tsx';
import { t } from './words/words.ts';

/** The panels behind the tabs other than the first, and what stands above every tab; absent while their code is on
 * its way. */
export type OtherPanels = Readonly<
  Partial<Record<Exclude<Tab, 'akutt'> | 'tray', ComponentChildren>>
>;

interface Props extends MenuProps {
  readonly safety: ComponentChildren;
  /** Akutt, which is there at once. */
  readonly first: ComponentChildren;
  readonly others: ReadonlySignal<OtherPanels>;
  /** Starts this page again: a session that has ended cannot be mended from within. */
  readonly reopen: () => void;
}

/** The frame around the rooms: who, safety, tabs, content. It knows no room. */
export function Sidebar({ safety, first, others, reopen, logOut, more }: Props) {
  const { session, patient, plans, critical, medicines } = useRecord();
  const wide = useWide();
  useShortcuts();
  const readings: readonly Reading<unknown>[] = [
    patient.value,
    plans.value,
    critical.value,
    medicines.value,
  ];
  // Another source may refuse for itself; only the EHR can end the session or keep the whole patient back.
  const own = readings.filter(reading => isOf(session.label, reading));
  if (own.some(isBlocked)) return <Blocked />;

  const tabs = wide ? TABS.filter(name => name !== 'akutt') : TABS;
  const shown = wide && tab.value === 'akutt' ? 'planer' : tab.value;
  return (
    <div class={wide ? 'sidebar wide' : 'sidebar'}>
      <a class="skip" href="#innhold" onClick={toContent}>
        {t('a11y.skip')}
      </a>
      <header class="top">
        <PatientBanner logOut={logOut} more={more} />
        {safety}
        {own.some(isSignedOut) && <SessionOver reopen={reopen} />}
        <Tabs tabs={tabs} shown={shown} />
      </header>
      {others.value.tray}
      <main id="innhold" class="content" tabIndex={-1}>
        {TABS.map(name => {
          const isTab = tabs.some(each => each === name);
          return (
            <div
              key={name}
              id={panelId(name)}
              class={`panel panel-${name}`}
              role={isTab ? 'tabpanel' : 'region'}
              aria-labelledby={isTab ? tabId(name) : undefined}
              aria-label={isTab ? undefined : t(`tab.${name}`)}
              hidden={isTab && name !== shown}
              tabIndex={-1}
            >
              {name === 'akutt' ? first : others.value[name]}
            </div>
          );
        })}
      </main>
    </div>
  );
}

function SessionOver({ reopen }: { readonly reopen: () => void }) {
  return (
    <div class="session-over" role="alert">
      <span>{t('access.expired')}</span>
      <button type="button" class="ds-button" data-variant="secondary" onClick={reopen}>
        {t('access.reopen')}
      </button>
    </div>
  );
}

const isOf = (ehr: string, reading: Reading<unknown>) =>
  reading.state !== 'loading' && (reading.failing ?? ehr) === ehr;

function isBlocked(reading: Reading<unknown>): boolean {
  if (reading.state === 'loading') return false;
  return reading.withheld === 'blocked' || reading.failure?.kind === 'blocked';
}

const isSignedOut = (reading: Reading<unknown>) =>
  reading.state !== 'loading' && reading.failure?.kind === 'signed-out';

/** Not a hash route: the address says which tab is open, and stays so. */
function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById('innhold')?.focus();
}

/** Two columns from 640 px: the acute tab stands still on the left. */
function useWide(): boolean {
  const wide = useSignal(window.matchMedia(WIDE).matches);
  useEffect(() => {
    const query = window.matchMedia(WIDE);
    const look = () => {
      wide.value = query.matches;
    };
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, [wide]);
  return wide.value;
}

const WIDE = '(min-width: 640px)';
const KEYS: Readonly<Record<string, Tab>> = {
  a: 'akutt',
  p: 'planer',
  l: 'legemidler',
  k: 'kilder',
};
const STROKE_MS = 1500;

/** «g» and then a letter. Never while somebody writes or chooses, and never together with Ctrl, Alt or Meta. */
function useShortcuts(): void {
  useEffect(() => {
    let pressed = 0;
    const hear = (event: KeyboardEvent) => {
      const writes =
        event.target instanceof Element && event.target.closest('input,select,textarea');
      if (writes || event.ctrlKey || event.altKey || event.metaKey) return;
      const wanted = KEYS[event.key];
      if (event.key === 'g') pressed = event.timeStamp;
      else if (wanted && pressed && event.timeStamp - pressed < STROKE_MS) openTab(wanted);
      if (event.key !== 'g') pressed = 0;
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
}

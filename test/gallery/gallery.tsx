// Every state of every section through the real rooms: all of them on one page, or one alone as the panel shows it
// (?case=stale), or one step of the evaluation (?evaluation=2). ?lang=en speaks English.
import { signal } from '@preact/signals';
import { render } from 'preact';
import { z } from 'zod/mini';
import { Contacts } from '../../src/contacts/Contacts.tsx';
import { Safety } from '../../src/critical/Safety.tsx';
import { otherRooms } from '../../src/other-rooms.tsx';
import { Acute } from '../../src/plan/Acute.tsx';
import { RecordProvider } from '../../src/record/record.ts';
import { PatientBanner } from '../../src/shell/PatientBanner.tsx';
import { readTab } from '../../src/shell/route.ts';
import { Sidebar } from '../../src/shell/Sidebar.tsx';
import '../../src/shell/style.css';
import { speak } from '../../src/shell/words/words.ts';
import { CASES, type Case } from './cases.ts';
import { evaluationAt } from './evaluation.tsx';
import './gallery.css';

z.config({ jitless: true });

const nothing = () => {};
const acute = () => <Acute ring={props => <Contacts {...props} />} />;

/** As in the product: the frame, and one tab at a time. */
const Alone = ({ record }: Case) => (
  <RecordProvider value={record}>
    <Sidebar
      reopen={nothing}
      logOut={nothing}
      safety={<Safety />}
      first={acute()}
      others={signal(otherRooms)}
    />
  </RecordProvider>
);

/** Everything the panel can show of it, below one another. */
const Whole = ({ name, record }: Case) => (
  <section class="case" data-case={name} aria-label={name}>
    <h2 class="case-name" lang="en">
      <a href={`?case=${name}`}>{name}</a>
    </h2>
    <RecordProvider value={record}>
      <div class="top">
        <PatientBanner logOut={nothing} />
        <Safety />
      </div>
      <div class="panel panel-akutt">{acute()}</div>
      {Object.entries(otherRooms).map(([tab, rooms]) => (
        <div key={tab} class={`panel panel-${tab}`}>
          {rooms}
        </div>
      ))}
    </RecordProvider>
  </section>
);

const asked = new URLSearchParams(window.location.search);
const alone = CASES.find(({ name }) => name === asked.get('case'));
window.addEventListener('hashchange', readTab);
readTab();
await speak(asked.get('lang') === 'en' ? 'en' : 'nb');
const evaluation = asked.get('evaluation');
render(
  evaluation ? (
    evaluationAt(evaluation)
  ) : alone ? (
    <Alone {...alone} />
  ) : (
    <main>
      {CASES.map(each => (
        <Whole key={each.name} {...each} />
      ))}
    </main>
  ),
  document.body,
);

import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ChangesLine } from './changes/ChangesLine.tsx';
import { ChangesRoom } from './changes/ChangesRoom.tsx';
import { ChangesSection } from './changes/ChangesSection.tsx';
import { OutboxProvider } from './confirm/outbox-context.ts';
import { Tray } from './confirm/Tray.tsx';
import { openWriting } from './confirm/writing.ts';
import { CriticalInfo } from './critical/CriticalInfo.tsx';
import { Safety } from './critical/Safety.tsx';
import { Documents } from './documents/Documents.tsx';
import { EvaluationRoom } from './evaluation/EvaluationRoom.tsx';
import { NewEvaluation } from './evaluation/NewEvaluation.tsx';
import type { Session } from './fhir/session.ts';
import { messengerTo } from './follow/messaging.ts';
import type { Surroundings } from './launch/surroundings.ts';
import { Measurements } from './measurements/Measurements.tsx';
import { Medications } from './medications/Medications.tsx';
import { News } from './news/News.tsx';
import { Plans } from './plan/Plans.tsx';
import type { Frozen } from './record/frozen.ts';
import { Results } from './results/Results.tsx';
import { EhrPageProvider } from './shell/ehr-page.ts';
import { itemOrigin } from './shell/ItemBox.tsx';
import { Origin } from './shell/Origin.tsx';
import { Printed } from './shell/Printed.tsx';
import type { OtherPanels } from './shell/Sidebar.tsx';
import './shell/rooms.css';
import { Sources } from './sources/Sources.tsx';

itemOrigin.value = { Origin };

/** The rest of the composition root: the rooms behind the other tabs, fetched beside the first data. */
export const otherRooms: OtherPanels = {
  planer: (
    <EvaluationRoom>
      <Plans evaluate={<NewEvaluation />} />
      <ChangesSection at="planer" />
    </EvaluationRoom>
  ),
  legemidler: (
    <ChangesRoom safety={<Safety />}>
      <ChangesSection at="legemidler" />
      <Medications />
      <CriticalInfo />
    </ChangesRoom>
  ),
  kilder: (
    <>
      <News />
      <Sources />
      <Documents />
      <Results />
      <Measurements />
    </>
  ),
};

/**
 * The same rooms around one session's outbox, and above them what waits in it. One outbox for all that session shows.
 * Where the EHR's page can be spoken with, the rooms may ask it.
 */
export function furnish(
  session: Session,
  frozen: ReadonlySignal<Frozen | undefined>,
  messaging: Surroundings['messaging'],
): OtherPanels {
  const outbox = openWriting(session, frozen, window);
  const ehr = messengerTo(window, messaging);
  const within = (room: ComponentChildren) => (
    <EhrPageProvider value={ehr}>
      <OutboxProvider value={outbox}>{room}</OutboxProvider>
    </EhrPageProvider>
  );
  return {
    tray: within(
      <>
        <Tray />
        <ChangesLine />
        <Printed />
      </>,
    ),
    planer: within(otherRooms.planer),
    legemidler: within(otherRooms.legemidler),
    kilder: within(otherRooms.kilder),
  };
}

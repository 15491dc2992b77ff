import { CriticalInfo } from './critical/CriticalInfo.tsx';
import { Documents } from './documents/Documents.tsx';
import { Measurements } from './measurements/Measurements.tsx';
import { Medications } from './medications/Medications.tsx';
import { News } from './news/News.tsx';
import { Plans } from './plan/Plans.tsx';
import { Results } from './results/Results.tsx';
import { itemOrigin } from './shell/ItemBox.tsx';
import { Origin } from './shell/Origin.tsx';
import type { OtherPanels } from './shell/Sidebar.tsx';
import './shell/folds.css';
import { Sources } from './sources/Sources.tsx';

itemOrigin.value = { Origin };

/** The rest of the composition root: the rooms behind the other tabs, fetched beside the first data. */
export const otherRooms: OtherPanels = {
  planer: <Plans />,
  legemidler: (
    <>
      <Medications />
      <CriticalInfo />
    </>
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

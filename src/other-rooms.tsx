import { CriticalInfo } from './critical/CriticalInfo.tsx';
import { Medications } from './medications/Medications.tsx';
import { Plans } from './plan/Plans.tsx';
import type { OtherPanels } from './shell/Sidebar.tsx';
import { Sources } from './sources/Sources.tsx';

/** The rest of the composition root: the rooms behind the other tabs, fetched beside the first data. */
export const otherRooms: OtherPanels = {
  planer: <Plans />,
  legemidler: (
    <>
      <Medications />
      <CriticalInfo />
    </>
  ),
  kilder: <Sources />,
};

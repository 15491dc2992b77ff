import { broughtHome } from './launch/messenger.ts';

// The redirect address. In a hidden frame, or a window of a login, all that is needed is its answer: the app is fetched
// and run only where it will be seen (docs/performance.md).
if (!broughtHome(window)) void import('./main.tsx');

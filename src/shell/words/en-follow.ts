import type { nbFollow } from './nb-follow.ts';

export const enFollow: Readonly<Record<keyof typeof nbFollow, string>> = {
  'ctx.changed': 'The record system now shows {navn}',
  'ctx.changed.unnamed': 'The record system now shows another patient',
  'ctx.none': 'No patient is open in the record system',
  'ctx.hidden':
    'What was shown here about the patient has been removed from the screen, and nothing can be written.',
  'ctx.return': 'If you go back to that patient in the record system, it is fetched again.',
  'ctx.switch': 'Switch to {navn}',
  'ctx.switch.unnamed': 'Switch patient',
  'ctx.switching': 'Switching …',
  'ctx.open': 'Open Sideplan from the record of the patient you are to work with.',
  'ctx.refused': 'The record system did not open Sideplan. Open it from the patient’s record.',
  'ctx.lost': 'The panel does not follow the record system – check the patient',
  'lock.title': 'The screen is locked',
  'lock.what': 'What was shown about the patient has been removed from the screen.',
  'lock.do': 'Unlock to fetch it again from the record system.',
  'lock.open': 'Unlock',
  'lock.soon': 'The screen will be locked in less than {s} seconds',
  'lock.stay': 'Continue',
  'menu.close': 'Close Sideplan',
  'menu.close.refused': 'The record system did not close Sideplan. Close it there.',
};

/** One stretch of opening time, in the words of R4 `PractitionerRole.availableTime`. */
export interface AvailableTime {
  readonly daysOfWeek: readonly string[];
  readonly allDay?: true;
  readonly availableStartTime?: string;
  readonly availableEndTime?: string;
}

export interface Hours {
  readonly availableTime: readonly AvailableTime[];
  readonly notAvailable?: readonly { readonly description: string }[];
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
const weekend = ['sat', 'sun'];

/** Every opening time the demo data uses; a text that is not here has no meaning we may guess at. */
const hoursByText: Readonly<Record<string, Hours>> = {
  'hele døgnet': { availableTime: [{ daysOfWeek: [...weekdays, ...weekend], allDay: true }] },
  'hver dag 15–23': { availableTime: [open([...weekdays, ...weekend], '15:00', '23:00')] },
  'hverdag 08–15': { availableTime: [open(weekdays, '08:00', '15:00')] },
  'hverdag 08–15.30': { availableTime: [open(weekdays, '08:00', '15:30')] },
  'hverdag 08–16': { availableTime: [open(weekdays, '08:00', '16:00')] },
  'hverdag 09–15': { availableTime: [open(weekdays, '09:00', '15:00')] },
  'hverdag 09–17': { availableTime: [open(weekdays, '09:00', '17:00')] },
  'hverdag 08–22, helg 10–18': {
    availableTime: [open(weekdays, '08:00', '22:00'), open(weekend, '10:00', '18:00')],
  },
  'kveld, natt, helg': {
    availableTime: [
      open(weekdays, '16:00', '08:00'),
      { daysOfWeek: weekend, allDay: true },
      // Sunday's all day ends at midnight; without this line legevakt is closed Monday 00–08.
      open(['mon'], '00:00', '08:00'),
    ],
  },
  'skoledager 08–15': {
    availableTime: [open(weekdays, '08:00', '15:00')],
    notAvailable: [{ description: 'Stengt i skolens ferier og på fridager' }],
  },
};

export function hoursOf(text: string): Hours {
  const hours = hoursByText[text];
  if (!hours) throw new Error(`No opening hours are known for «${text}»`);
  return hours;
}

function open(daysOfWeek: readonly string[], start: string, end: string): AvailableTime {
  return { daysOfWeek, availableStartTime: `${start}:00`, availableEndTime: `${end}:00` };
}

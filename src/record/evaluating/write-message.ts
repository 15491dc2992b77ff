import {
  type Act,
  authorOf,
  doctorOf,
  made,
  NOTHING_WRITTEN,
  patientOf,
  planOf,
  toOwn,
  type Written,
} from './act.ts';

/** The text to the GP. Sent, and not said to be received until somebody says so (`received`). */
export function messageWritten(act: Act): Written {
  const { occasion, message, pressed, answers, meeting } = act;
  const doctor = doctorOf(occasion);
  if (!act.takes('message') || !doctor || message === undefined) return NOTHING_WRITTEN;
  return {
    writes: [
      made({
        resourceType: 'Communication',
        basedOn: [planOf(occasion)],
        status: 'in-progress',
        priority: 'routine',
        subject: patientOf(act),
        topic: { text: 'Tilbakemelding til fastlege etter evaluering' },
        about: [toOwn(answers)],
        encounter: meeting === undefined ? undefined : toOwn(meeting),
        sent: pressed,
        recipient: [doctor],
        sender: authorOf(occasion.author),
        payload: [{ contentString: message }],
      }),
    ],
    summary: [{ part: 'message', words: `Melding til ${occasion.doctor?.name ?? 'fastlegen'}` }],
  };
}

import type { nbEvaluation } from './nb-evaluation.ts';

export const enEvaluation: Readonly<Record<keyof typeof nbEvaluation, string>> = {
  'eval.new': 'New evaluation',
  'eval.title': 'New evaluation – {navn}',
  'eval.review.title': 'Review and send – {navn}',
  'eval.missing': 'Missing: {hva}',
  'eval.send': 'Complete and share',
  'eval.notifyGp': 'Send feedback to the GP',
  'ctx.confirmWrite': 'You are writing to {navn}, {fnr}',

  'why.loading': 'The plans are still being fetched.',
  'why.noPlan': 'There must be a plan in force before it can be evaluated.',
  'why.document':
    'The plan is a document only. It can be evaluated in the record system, but not from here.',
  'why.over': 'The session is over. Nothing can be written from here now.',
  'why.copy': 'This is a kept copy. Nothing can be written until the record system answers again.',
  'why.unread': 'Nothing can be written until we know for certain who the patient is.',
  'why.merged':
    'This record has been merged into another. Write in the one that counts, or nobody will read it.',
  'why.inactive':
    'This record is not active. Write in the one that counts, or nobody will read it.',
  'why.not-permitted':
    'Your access in {kilde} does not include writing evaluations. Ask whoever grants access.',
  'why.not-supported':
    '{kilde} does not accept evaluations from here. Write the evaluation in the record system.',
  'why.outbox': 'Storage on this computer is being prepared. Try again in a moment.',

  'start.plan': 'Which plan is to be evaluated?',
  'start.go': 'Begin',
  'start.reading': 'Fetching the plan, the goals and the form …',
  'start.failed':
    'The plan could not be fetched again, so it cannot be evaluated now. Nothing has been written.',
  'start.again': 'Try again',
  'start.form.own': '{kilde} has no evaluation form of its own. This one is ours.',
  'draft.found': 'You have a draft from {tid}.',
  'draft.moved':
    'The plan has been changed since the draft was written. Look through the answers before you send.',
  'draft.unreadable': 'The draft cannot be opened with this form.',
  'draft.continue': 'Continue with the draft',
  'draft.anew': 'Start anew',
  'draft.anew.ask': 'The draft is deleted from this computer and cannot be brought back.',
  'draft.anew.yes': 'Delete the draft and start anew',
  'draft.saving': 'Saving the draft …',
  'draft.saved': 'Draft saved {kl}',
  'draft.live': 'The draft is saved on this computer while you write.',
  'draft.not-saved.denied':
    'NOT saved: nothing can be saved on this computer. Leave the panel open until the evaluation is sent.',
  'draft.not-saved.full':
    'NOT saved: the disk of this computer is full. Leave the panel open, or copy the text.',
  'draft.not-saved.broken':
    'NOT saved: storage on this computer is failing. Leave the panel open, or copy the text.',
  'draft.not-saved.not-signed-in':
    'NOT saved: we do not know who you are, so the draft cannot be kept for you. Leave the panel open.',
  'draft.left': 'These answers do not fit the form as it is now, and are not sent:',

  'step.n': 'Step {n} of {av}: {tittel}',
  'step.back': 'Back',
  'step.backTo': 'Back to {tittel}',
  'step.next': 'Next: {tittel}',
  'step.review': 'Review and send',
  'step.required':
    '* is needed before the evaluation can be sent. You can go on and fill it in later.',
  'step.unnamed': 'Questions',

  'field.noText': 'Question without text',
  'field.unknown': 'this question cannot be answered here. Use the record system.',
  'field.yes': 'Yes',
  'field.no': 'No',
  'field.choose': 'Choose',
  'field.other': 'Other',
  'field.clear': 'Clear the answer',
  'field.scale': '{navn}, scale from {min} to {maks}',
  'field.unanswered': 'not answered',
  'group.one': 'Group',
  'group.nth': '{navn} {n}',
  'group.add': 'Add: {navn}',
  'group.remove': 'Remove {navn} {n}',
  'goal.unread': 'Goal that cannot be shown – see the source',
  'present.outside': '(from outside the unit)',
  'present.add': 'Add somebody the plan does not name',
  'present.somebody': 'Somebody the plan does not name',
  'present.name': 'Name',
  'present.remove': 'Remove {navn}',
  'change.fromList': 'Pick from the medication list',
  'change.noList': 'The medication list has nothing to pick from. Write the medicine yourself.',
  'begun.title': 'Unsigned orders',
  'begun.state': 'begun in the record system, not signed',
  'begun.dose': '(read the dose in the record system)',
  'begun.take': 'Include as a change',
  'begun.taken': 'Included as a change',
  'begun.unclear':
    '{n} more begun in the record system cannot be read safely here. See the record system.',

  'lack.unanswered': 'Needed before the evaluation can be sent',
  'lack.not-a-date': 'Write a date',
  'lack.too-long': 'The text is too long',
  'lack.out-of-range': 'The number is outside the scale',
  'lack.not-a-number': 'Write a number',
  'lack.in-the-past': 'The date must be after the evaluation',

  'review.complete': 'What is included',
  'review.participation': 'The patient’s participation: {svar}',
  'review.outside': '{n} from outside',
  'review.goals': '{n} goals assessed',
  'review.next': 'Next evaluation {dato}',
  'review.ready': 'The evaluation is ready to be sent.',
  'review.lacks': '{n} answers are missing or must be corrected before the evaluation can be sent.',
  'review.about': '{hva} – {om}',
  'review.doctor': 'To the GP, {navn}',
  'review.doctor.unknown': 'To the GP',
  'review.doctor.missing': 'The record names no GP. The feedback must be sent some other way.',
  'review.doctor.rule': 'Plain text, nothing urgent. An answer may take 3–5 working days.',
  'review.message': 'The text to the GP',
  'review.message.count': '{n} of {maks} characters',
  'review.message.long': '{n} characters too many. Shorten the text.',
  'review.message.empty': 'Write the text to the GP, or untick the box above.',
  'review.message.stale':
    'The answers have been changed since you edited the text. Check that it is right.',
  'review.message.anew': 'Make the text anew from the answers',
  'review.message.anew.ask': 'What you have written in the text to the GP will be lost.',
  'review.message.anew.yes': 'Make the text anew',
  'review.message.elsewhere':
    'The message to the GP cannot be sent from here. Copy the text and send it some other way.',
  'review.message.changes':
    'There are changes in the treatment. The GP is to have feedback about them.',
  'review.summary': 'This is written in {kilde}',
  'review.less': 'This is NOT written, because {kilde} does not accept it: {hva}',
  'review.document':
    '{kilde} accepts the evaluation only as a document. Goals, next date and tasks must be entered in the record system.',
  'part.meeting': 'the meeting',
  'part.goals': 'the status of the goals',
  'part.plan': 'the next date in the plan',
  'part.tasks': 'tasks for the GP',
  'part.message': 'the message to the GP',
  'part.provenance': 'who did what',
  'review.denied':
    'Nothing can be saved on this computer. The evaluation can be sent without a local copy: leave the panel open until it has been received.',
  'review.denied.not-signed-in':
    'We do not know who you are, so the evaluation cannot be sent from here. Open Sideplan from the record system again.',
  'review.opening': 'Storage on this computer is being prepared …',
  'review.sendFor': 'Complete and share – {navn}',
  'review.sending': 'Saving on this computer …',
  'review.not-kept': 'NOT saved on this computer, and not sent. The text is still here.',
  'review.not-kept.full': 'The disk of this computer is full.',
  'review.not-kept.denied': 'Nothing can be saved on this computer.',
  'review.not-kept.broken': 'Storage on this computer is failing.',
  'review.not-kept.not-signed-in': 'We do not know who you are.',
  'review.unkept': 'Send without a local copy – {navn}',
  'review.again': 'Try again',
  'review.failed':
    'The evaluation could not be made ready for sending. Nothing has been sent. The draft stands.',

  'sent.title': 'The evaluation of {navn}',
  'sent.gone': 'The evaluation is no longer waiting here.',
  'sent.back': 'Back to the plans',
  'room.failed': 'The form could not be fetched. Nothing has been written. Try again.',
};

import type { Resource } from '../types.ts';
import { infoClass, oslo, to, volven } from './fhir.ts';
import { type Filed, filed, type Part } from './parts.ts';
import { planId } from './plans.ts';
import {
  acutePlanOf,
  type DemoDocument,
  type DemoPatient,
  type DemoPlan,
  shortId,
} from './source.ts';
import { uuidOf } from './uuid.ts';

/** Who a document is shared with, by the words of the data; new words need a decision here. */
const parts: Readonly<Record<string, Part>> = {
  tilgjengelig: 'document',
  'sperret av pasienten': 'masked document',
  'SPERRET av pasienten': 'masked document',
  'ikke delt utenfor kommunen': 'municipal document',
  'ikke delt med skole': 'document',
  'ikke helsedokument – vises bare i IP-delen': 'welfare document',
  'velferd, ikke helse': 'welfare document',
};

/** Volven 9602 by title: the first that fits. */
const types: readonly (readonly [RegExp, string, string])[] = [
  [/^(Akuttplan|Overdoseplan|Førstehjelpsplan)/, 'A01-2', 'Kriseplan'],
  [/^(Behandlingsplan|Egenbehandlingsplan)/, 'B01-2', 'Tverrfaglig behandlingsplan'],
  [/^Epikrise/, 'A03-2', 'Epikrise'],
  [/^(Legevaktnotat|LAR-notat|DHO-notat|BUP-notat|Behandlingsavklaring)/, 'B02-2', 'Journalnotat'],
  [/^(Referat|Sakkyndig|Utredning|Rettspsyk|Individuell)/, 'A11-2', 'Tverrfaglig sammenfatning'],
  [/^Utskrivingsrapport|^Utskrivningsrapport/, 'A04-2', 'Sykepleiesammenfatning'],
  [/^Laboratoriesvar/, 'C01-2', 'Medisinsk biokjemi'],
  [/^(EKG|Pacemakerkort)/, 'D01-2', 'Hjerte og kretsløp'],
  [/^Spirometri/, 'D02-2', 'Lunge'],
  [/^EEG/, 'D06-2', 'Nervesystemet'],
  [/^Røntgen/, 'E01-2', 'Diagnostiske bilder'],
  [/^Vedtak/, 'I02-2', 'Brev'],
];

export function documents(patient: DemoPatient): readonly Filed[] {
  return patient.docs.flatMap((document, index) => {
    const id = `${shortId(patient)}-doc-${index + 1}`;
    return filed(
      partOf(document),
      documentReference(patient, document, id),
      documentText(patient, document, id),
    );
  });
}

/** XDS `documentUniqueId`: the document's own name, the same wherever a copy of it is listed. */
export const documentUniqueId = (id: string) => `urn:uuid:${uuidOf(`document ${id}`)}`;

function documentReference(patient: DemoPatient, document: DemoDocument, id: string): Resource {
  const { date, title, source } = document;
  const plan = planOf(patient, document);
  const part = partOf(document);
  return {
    resourceType: 'DocumentReference',
    id,
    meta: {
      lastUpdated: oslo(date, '15:00'),
      tag: [infoClass(part === 'welfare document' ? 'velferd' : 'helse')],
    },
    masterIdentifier: { system: 'urn:ietf:rfc:3986', value: documentUniqueId(id) },
    status: 'current',
    docStatus: 'final',
    type: { coding: [typeOf(title)], text: title },
    subject: to(`Patient/${shortId(patient)}`),
    date: oslo(date, '15:00'),
    author: [{ display: source }],
    securityLabel: [
      {
        coding: [
          part === 'masked document'
            ? volven(9603, 'NORS', 'Sperret')
            : volven(9603, 'N', 'Normal'),
        ],
      },
    ],
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          language: 'nb',
          url: `Binary/${id}-text`,
          title,
          creation: date,
        },
      },
    ],
    context: plan && { related: [to(`CarePlan/${planId(patient, plan)}`)] },
  };
}

function documentText(patient: DemoPatient, document: DemoDocument, id: string): Resource {
  const { date, title, source } = document;
  const body = planOf(patient, document)?.summary ?? 'Oppdiktet dokument til demonstrasjon.';
  const text = `${title}\n${source}, ${date}\n${patient.name}\n\n${body}\n`;
  return {
    resourceType: 'Binary',
    id: `${id}-text`,
    meta: { lastUpdated: oslo(date, '15:00') },
    contentType: 'text/plain; charset=utf-8',
    securityContext: to(`DocumentReference/${id}`),
    data: Buffer.from(text, 'utf8').toString('base64'),
  };
}

function partOf({ access }: DemoDocument): Part {
  const part = parts[access];
  if (!part) throw new Error(`No one has decided who sees a document that is «${access}»`);
  return part;
}

/** «Akuttplan v7 (PDF)» is the acute plan when the plan is at version 7. */
function planOf(patient: DemoPatient, { title }: DemoDocument): DemoPlan | undefined {
  const [, name, version] = /^(\S+).* v(\d+)/.exec(title) ?? [];
  if (!name || !version) return undefined;
  const plan = name.startsWith('Behandlingsplan')
    ? patient.plans.find(({ type }) => type === 'behandlingsplan')
    : acutePlanOf(patient);
  return plan?.version === Number(version) ? plan : undefined;
}

function typeOf(title: string) {
  const type = types.find(([pattern]) => pattern.test(title));
  if (!type) throw new Error(`No document type is known for «${title}»`);
  return volven(9602, type[1], type[2]);
}

import { coding, type Extension, oslo, unlessDash, volven } from '../demo/fhir.ts';
import { atc, type MedicineLine, sfmUse, statusOf, stopReason } from '../demo/medications.ts';
import type { DemoMedication } from '../demo/source.ts';
import { uuidOf } from '../demo/uuid.ts';
import type { Resource } from '../types.ts';
import { type SfmPeople, type SfmReference, urnOf } from './sfm-people.ts';

const PROFILES = 'http://ehelse.no/fhir/StructureDefinition/';
const FEST = 'http://ehelse.no/fhir/CodeSystem/FEST';

export interface SfmLine {
  readonly statement: readonly [string, Resource];
  readonly medication: readonly [string, Resource];
  readonly reference: SfmReference;
}

/** One line of the list as `sfm-MedicationStatement` and `sfm-Medication`, under the PLL id the EHR's copy has. */
export function sfmLine(
  { id, line }: MedicineLine,
  subject: SfmReference,
  people: SfmPeople,
): SfmLine {
  const name = nameOf(line);
  const statement = urnOf(`sfm statement ${id}`);
  const medication = urnOf(`sfm medication ${id}`);
  return {
    statement: [
      statement,
      {
        resourceType: 'MedicationStatement',
        id: uuidOf(`sfm statement ${id} id`),
        meta: { profile: [`${PROFILES}sfm-MedicationStatement`] },
        extension: [...extensions(line, people)],
        identifier: [
          { use: 'usual', type: { text: 'PLL' }, value: id },
          ...(isPrescribed(line)
            ? [{ use: 'usual', type: { text: 'ReseptId' }, value: uuidOf(`resept ${id}`) }]
            : []),
        ],
        status: statusOf(line),
        medicationReference: {
          reference: medication,
          type: `${PROFILES}sfm-Medication`,
          display: name,
        },
        subject,
        dosage: dosage(line),
      },
    ],
    medication: [medication, drug(id, line, name)],
    reference: { reference: statement, type: `${PROFILES}sfm-MedicationStatement`, display: name },
  };
}

/** A supplement the patient buys has no prescription. */
const isPrescribed = ({ group }: DemoMedication) => group !== 'tilskudd';

function nameOf({ brand, substance, form, strength }: DemoMedication): string {
  return [unlessDash(brand) ?? substance, form, unlessDash(strength)].filter(Boolean).join(' ');
}

function* extensions(line: DemoMedication, people: SfmPeople): Generator<Extension> {
  const { start, lastChanged, changedBy, note, dose } = line;
  const isStopped = note.startsWith('SEPONERT');
  if (isPrescribed(line)) {
    yield nested('sfm-reseptamendment', [
      { url: 'reseptdate', valueDate: lastChanged },
      { url: 'dssn', valueString: dose },
      {
        url: 'itemgroup',
        valueCodeableConcept: { coding: [volven(7402, 'L', 'Legemiddel')] },
      },
      {
        url: 'rfstatus',
        extension: [
          {
            url: 'status',
            valueCodeableConcept: {
              coding: [
                isStopped ? volven(7408, 'T', 'Tilbakekalt') : volven(7408, 'E', 'Ekspederbar'),
              ],
            },
          },
        ],
      },
      { url: 'lastchanged', valueDateTime: sfmMoment(lastChanged) },
      { url: 'typeresept', valueCodeableConcept: { coding: [volven(7491, 'E', 'Eresept')] } },
    ]);
  }
  yield { url: 'effectiveDateTime', valueDate: start };
  const provider = people.party(changedBy);
  yield registered(
    isStopped ? ['3', 'Seponert av'] : ['1', 'Forskrevet av'],
    provider,
    lastChanged,
  );
  if (isStopped) {
    yield nested('sfm-discontinuation', [
      { url: 'timedate', valueDateTime: sfmMoment(lastChanged) },
      { url: 'reason', valueCodeableConcept: discontinuationReason(note) },
    ]);
  }
  const isMultidose = note.includes('multidose') && !note.includes('ikke i multidose');
  yield nested('sfm-administration', [
    { url: 'nocombination', valueBoolean: false },
    ...(isMultidose ? [{ url: 'mddispensed', valueBoolean: true }] : []),
  ]);
}

function registered(
  [code, display]: readonly [string, string],
  provider: SfmReference | undefined,
  on: string,
): Extension {
  const status = `${PROFILES.replace('StructureDefinition', 'CodeSystem')}sfm-medicationstatement-registration-status`;
  return nested('sfm-regInfo', [
    { url: 'status', valueCodeableConcept: { coding: [coding(status, '3', 'Godkjent')] } },
    {
      url: 'type',
      valueCodeableConcept: {
        coding: [coding('http://ehelse.no/fhir/CodeSystem/sfm-performer-roles', code, display)],
      },
    },
    ...(provider ? [{ url: 'provider', valueReference: provider }] : []),
    { url: 'timestamp', valueDateTime: sfmMoment(on) },
  ]);
}

/** Volven 7494, by the words of the note; what fits nothing is «Annen årsak», with the words beside it. */
function discontinuationReason(note: string) {
  const code = /vektøkning|tretthet/.test(note)
    ? volven(7494, 'L', 'Legemiddelreaksjon')
    : volven(7494, 'X', 'Annen årsak');
  return { coding: [code], text: stopReason(note) };
}

/** Each part of a dose on a line of its own; apart from that the words are those of the EHR's copy. */
function dosage(line: DemoMedication) {
  const text = unlessDash(line.dose)?.replaceAll(/ (?=og kl\.|deretter )/g, '\n');
  const use = sfmUse(line.group);
  const area = nested('sfm-application-area', [{ url: 'text', valueString: line.indication }]);
  return [{ extension: [...(use ? [use] : []), area], sequence: 1, text }];
}

function drug(id: string, line: DemoMedication, name: string): Resource {
  return {
    resourceType: 'Medication',
    id: uuidOf(`sfm medication ${id} id`),
    meta: { profile: [`${PROFILES}sfm-Medication`] },
    extension: [
      nested('sfm-medicationdetails', [
        {
          url: 'registreringstype',
          valueCodeableConcept: {
            coding: [
              coding(
                'http://ehelse.no/fhir/CodeSystem/sfm-festregistrationtype',
                '2',
                'Legemiddelmerkevare',
              ),
            ],
          },
        },
        {
          url: 'packinginfoprescription',
          extension: [{ url: 'name', valueString: unlessDash(line.brand) ?? line.substance }],
        },
      ]),
    ],
    // FEST has no invented drugs; the code only says that there would be one.
    code: { coding: [coding(FEST, `demo-${id}`, name), ...(atc(line) ?? [])] },
    status: 'active',
    form: { text: line.form },
  };
}

function nested(name: string, parts: readonly Extension[]): Extension {
  return { url: PROFILES + name, extension: parts };
}

const sfmMoment = (date: string) => oslo(date, '13:30').replace(/:00([+-])/, ':00.0000000$1');

/** Makes `table.json` from HL7's R4 definitions: `npx tsx src/sandbox/r4/generate.ts`. Same input, same bytes. */
import { writeFileSync } from 'node:fs';
import {
  readPatientCompartment,
  readSearchParameters,
  readStructures,
  readTerminology,
} from './definitions.ts';
import { codeLists } from './generate-codes.ts';
import { elementLines } from './generate-elements.ts';
import { searchLines } from './generate-search.ts';
import { TYPES_KEPT } from './types-kept.ts';

const structures = readStructures();
const parameters = readSearchParameters();
const { codesOf, lists } = codeLists(readTerminology());
const elements = elementLines(structures, TYPES_KEPT, codesOf);
const kept: ReadonlySet<string> = new Set(TYPES_KEPT);

const table = {
  kept: TYPES_KEPT,
  resources: structures
    .filter(each => each.kind === 'resource' && each.derivation === 'specialization')
    .map(each => each.id)
    .sort(),
  open: elements.open,
  types: elements.types,
  codes: lists(),
  search: Object.fromEntries(
    TYPES_KEPT.map(type => [type, searchLines(type, parameters, elements)]),
  ),
  compartment: Object.fromEntries(
    readPatientCompartment()
      .resource.filter(each => each.param && kept.has(each.code))
      .map(each => [each.code, each.param]),
  ),
};

const file = new URL('table.json', import.meta.url);
const text = `${JSON.stringify(table, null, 0).replaceAll('},"', '},\n"')}\n`;
writeFileSync(file, text);
process.stdout.write(`${file.pathname}: ${text.length} characters\n`);

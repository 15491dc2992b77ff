import { withWrong } from './in-place-of.ts';

export default withWrong('../../src/fhir/searchset.ts', './one-page.ts');

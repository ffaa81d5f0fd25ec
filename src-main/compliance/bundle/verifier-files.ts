import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CausewayError } from '#shared/errors.ts';
import { VERIFIER_PAGE, VERIFIER_SCRIPT } from './readme.ts';

/**
 * The stand-alone verifier the product brings.
 * @param resources the product's folder of resources
 * @throws CausewayError `internal` when the installation is not whole
 */
export async function readVerifier(
  resources: string,
): Promise<{ readonly script: Uint8Array; readonly page: Uint8Array }> {
  const folder = join(resources, 'verifier');
  try {
    const [script, page] = await Promise.all([
      readFile(join(folder, VERIFIER_SCRIPT)),
      readFile(join(folder, VERIFIER_PAGE)),
    ]);
    return { script, page };
  } catch (cause) {
    throw new CausewayError('internal', 'The verifier is missing from this installation. Install Causeway again.', {
      cause,
    });
  }
}

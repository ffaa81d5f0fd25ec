import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { CausewayError } from '#shared/errors.ts';
import { isSyntheticChain } from '#shared/model/synthetic.ts';
import { readMembers } from '../evaluation/read-entry.ts';

/**
 * Whether a chain file says in its first record that everything in it is made up. What cannot be read says nothing: whether
 * the file holds is for the verification to say.
 */
export async function isSyntheticFile(path: string): Promise<boolean> {
  try {
    const file = await openChainFile(path);
    try {
      let synthetic = false;
      await file.read(({ bytes }) => {
        synthetic = isSyntheticChain(readMembers(bytes)?.data);
        return 'enough';
      });
      return synthetic;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'bad-input') return false;
    throw error;
  }
}

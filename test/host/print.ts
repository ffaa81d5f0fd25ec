import type { Page } from 'playwright';
import { unsupported } from './strict.ts';

const OPTIONS =
  'pageSize preferCSSPageSize printBackground displayHeaderFooter headerTemplate footerTemplate margins generateTaggedPDF generateDocumentOutline';

interface PrintOptions {
  readonly pageSize: 'A4' | 'Letter';
  readonly preferCSSPageSize?: boolean;
  readonly printBackground?: boolean;
  readonly displayHeaderFooter?: boolean;
  readonly headerTemplate?: string;
  readonly footerTemplate?: string;
  /** In inches, as Electron has them. */
  readonly margins?: Readonly<Record<'top' | 'bottom' | 'left' | 'right', number>>;
  readonly generateTaggedPDF?: boolean;
  readonly generateDocumentOutline?: boolean;
}

/** Electron's `printToPDF` by Chromium's own, which is what stands behind both. */
export function printPage(page: Page, options: PrintOptions): Promise<Buffer> {
  unsupported('printToPDF options', options, OPTIONS.split(' '));
  const { top = 0.4, bottom = 0.4, left = 0.4, right = 0.4 } = options.margins ?? {};
  return page.pdf({
    format: options.pageSize,
    preferCSSPageSize: options.preferCSSPageSize ?? false,
    printBackground: options.printBackground ?? false,
    displayHeaderFooter: options.displayHeaderFooter ?? false,
    headerTemplate: options.headerTemplate ?? '',
    footerTemplate: options.footerTemplate ?? '',
    margin: { top: `${top}in`, bottom: `${bottom}in`, left: `${left}in`, right: `${right}in` },
    tagged: options.generateTaggedPDF ?? false,
    outline: options.generateDocumentOutline ?? false,
  });
}

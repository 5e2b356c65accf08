import type { IssuerInUse } from "../../../trust/issuer-in-use.ts";
import { pageUrl } from "../../../trust/pages.ts";
import type { Found, Severity } from "../../../trust/rule.ts";
import type { GroupName } from "../assessment.ts";
import type { Survey } from "../types.ts";

/** As a rule, about what only a look at the whole cluster shows. Explained in docs/check.md. */
export interface Observation {
  readonly id: string;
  readonly group: GroupName;
  readonly severity: Severity;
  readonly summary: string;
  /** What comes of it where this is not so. */
  readonly breaks: string;
  readonly remedy: string;
  /** What is wrong; as a text, why that cannot be told; undefined where there is nothing to look at. */
  look(survey: Survey, inUse: IssuerInUse): readonly Found[] | string | undefined;
  /** What a good answer rests on. */
  note?(inUse: IssuerInUse): string;
}

export function observationDocs(id: string): string {
  return pageUrl("docs/check.md", id);
}

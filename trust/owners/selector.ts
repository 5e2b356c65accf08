import { fields, list, text } from "../fields.ts";

export interface Selector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** (meta/v1 LabelSelector) */
export function selectorOf(value: unknown): Selector {
  const { matchLabels, matchExpressions } = fields(value);
  return {
    labels: Object.fromEntries(Object.entries(fields(matchLabels)).map(([key, one]) => [key, text(one)])),
    expressions: list(matchExpressions).map((one) => {
      const { key, operator, values } = fields(one);
      return { key: text(key), operator: text(operator), values: list(values).map(text) };
    }),
  };
}

/** Whether it selects what has these labels. */
export function selects({ labels, expressions }: Selector, of: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(labels).every(([key, value]) => of[key] === value) &&
    expressions.every(({ key, operator, values }) => {
      const value = of[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const named = value !== undefined && values.includes(value);
      return operator === "In" ? named : !named;
    })
  );
}

/** As a list request takes it. */
export function labelSelectorOf({ labels, expressions }: Selector): string {
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...expressions.map(({ key, operator, values }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
    }),
  ].join(",");
}

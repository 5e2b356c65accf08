// What the guard reads of an AdmissionReview, and no more: the API server may send what it likes besides.
// Go writes an empty time, map or object as null, so null stands for absent.

const text = { type: "string" };
const texts = { type: "object", nullable: true, additionalProperties: text };
const perhapsText = { ...text, nullable: true };

export const envelopeSchema = {
  type: "object",
  required: ["apiVersion", "kind", "request"],
  properties: {
    apiVersion: { const: "admission.k8s.io/v1" },
    kind: { const: "AdmissionReview" },
    request: {
      type: "object",
      required: ["uid", "kind", "operation"],
      properties: {
        uid: { type: "string", minLength: 1, maxLength: 256 },
        kind: {
          type: "object",
          required: ["group", "version", "kind"],
          properties: { group: text, version: text, kind: text },
        },
        subResource: perhapsText,
        operation: { enum: ["CREATE", "UPDATE", "DELETE"] },
        name: perhapsText,
        namespace: perhapsText,
        dryRun: { type: "boolean", nullable: true },
        userInfo: { type: "object", nullable: true, properties: { username: perhapsText } },
      },
    },
  },
};

const metadata = {
  type: "object",
  nullable: true,
  properties: {
    name: perhapsText,
    namespace: perhapsText,
    labels: texts,
    annotations: texts,
    creationTimestamp: perhapsText,
    deletionTimestamp: perhapsText,
    managedFields: {
      type: "array",
      nullable: true,
      items: { type: "object", properties: { time: perhapsText } },
    },
    ownerReferences: {
      type: "array",
      nullable: true,
      items: { type: "object", required: ["kind", "name"], properties: { kind: text, name: text } },
    },
  },
};

const objects = (properties: object) => {
  const object = { type: "object", nullable: true, properties: { metadata, ...properties } };
  return { type: "object", properties: { object, oldObject: object } };
};

export const configMapsSchema = objects({ data: texts, binaryData: texts });
export const secretsSchema = objects({ type: perhapsText, data: texts });

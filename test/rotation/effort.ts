/** LINKERD_CERTS_ROTATION=thorough: larger meshes, more kills. Minutes become an hour. */
export const thorough = process.env["LINKERD_CERTS_ROTATION"] === "thorough";

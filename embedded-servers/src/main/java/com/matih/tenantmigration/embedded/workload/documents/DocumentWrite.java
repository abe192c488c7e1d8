package com.matih.tenantmigration.embedded.workload.documents;

/** The kinds of writes of a {@link DocumentWorkload}. */
public enum DocumentWrite {
  /** A new document. */
  CREATE,
  /** A document as a whole, over the one that is there. */
  OVERWRITE,
  /** Some of a document's fields. */
  UPDATE,
  DELETE,
  /** A document with the id of one that was deleted, with the same routing or another. */
  CREATE_AGAIN,
  /** A document that another tenant gets, or gives back. */
  GIVE,
  /** Some documents in one request. */
  BULK
}

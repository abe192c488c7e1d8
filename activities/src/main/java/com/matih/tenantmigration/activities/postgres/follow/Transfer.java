package com.matih.tenantmigration.activities.postgres.follow;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Passes what COPY reads on one side to a COPY on the other, a message at a time. */
final class Transfer {

  private Transfer() {}

  /**
   * Passes it.
   *
   * @param query what is read
   * @param option COPY's, such as {@code (FORMAT binary)}
   * @param into {@code COPY … FROM STDIN} in the same format
   * @return how many rows went
   */
  static long run(Connection source, String query, String option, Connection target, String into)
      throws SQLException {
    CopyOut out =
        source
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (%s) TO STDOUT %s".formatted(query, option));
    CopyIn in = target.unwrap(PGConnection.class).getCopyAPI().copyIn(into);
    for (byte[] message = out.readFromCopy(); message != null; message = out.readFromCopy()) {
      in.writeToCopy(message, 0, message.length);
    }
    return in.endCopy();
  }
}

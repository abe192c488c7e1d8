package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.engine.WorkScope;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Passes what COPY reads on the shared side to a COPY on the dedicated one, a message at a time.
 */
final class Transfer {

  private static final int COUNTED_TOGETHER = 64 << 10;

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
    int read = 0;
    for (byte[] message = out.readFromCopy(); message != null; message = out.readFromCopy()) {
      in.writeToCopy(message, 0, message.length);
      read += message.length;
      if (read >= COUNTED_TOGETHER) {
        WorkScope.current().readShared(read);
        read = 0;
      }
    }
    WorkScope.current().readShared(read);
    return in.endCopy();
  }
}

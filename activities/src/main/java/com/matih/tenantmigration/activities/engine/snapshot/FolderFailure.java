package com.matih.tenantmigration.activities.engine.snapshot;

import com.matih.tenantmigration.workflow.FailureType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Tells which failures of a folder another try cannot pass: a lack of rights or of room stays until
 * a person removes it, an error of a disk or a network may pass.
 *
 * <p>Java gives the system's words and not its number, so the words are looked at in the language
 * that a worker usually has, and the file system itself is asked besides.
 */
final class FolderFailure {

  /** ENOSPC, EDQUOT, EFBIG and EROFS. */
  private static final Pattern NO_ROOM =
      Pattern.compile("No space left|quota exceeded|File too large|Read-only file system");

  /** EPERM; Java has a type of its own for EACCES. */
  private static final String NOT_PERMITTED = "Operation not permitted";

  /** With less than that there is no room for a part. */
  private static final long NO_ROOM_BYTES = 1L << 20;

  private FolderFailure() {}

  /** The type of a failed read; a lack of room does not keep anybody from reading. */
  static FailureType ofRead(IOException e) {
    return isDenied(e) ? FailureType.PERMISSION_DENIED : FailureType.STORE_ERROR;
  }

  /**
   * The type of a failed write.
   *
   * @param folder where it was to be written, which need not exist
   */
  static FailureType ofWrite(Path folder, IOException e) {
    if (isDenied(e)) {
      return FailureType.PERMISSION_DENIED;
    }
    return NO_ROOM.matcher(String.valueOf(e.getMessage())).find() || takesNothing(folder)
        ? FailureType.STORE_BLOCKED
        : FailureType.STORE_ERROR;
  }

  private static boolean isDenied(IOException e) {
    return e instanceof AccessDeniedException
        || String.valueOf(e.getMessage()).contains(NOT_PERMITTED);
  }

  private static boolean takesNothing(Path folder) {
    try {
      Path existing = folder;
      while (existing != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (existing == null) {
        return false;
      }
      FileStore store = Files.getFileStore(existing);
      return store.isReadOnly() || store.getUsableSpace() < NO_ROOM_BYTES;
    } catch (IOException | SecurityException unknown) {
      // what cannot be asked may be a mount that is away for a moment
      return false;
    }
  }
}

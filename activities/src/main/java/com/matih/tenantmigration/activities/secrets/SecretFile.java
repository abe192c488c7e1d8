package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file that a request names, and that is looked at before it is opened: a device never ends, and
 * a pipe waits for a writer.
 */
final class SecretFile {

  static final int MOST_BYTES = 64 * 1024;

  private SecretFile() {}

  /**
   * The file's real place, which lies in an allowed folder whatever links lead there.
   *
   * @param path as the request writes it
   * @param named how the request names it, for people
   * @throws MigrationException of type BAD_REQUEST for one that is not allowed or no regular file
   *     of at most 64 KiB, of type SECRET_MISSING for one that is not there
   */
  static Path locate(AllowedReferences allowed, String path, String named) {
    Path file = parse(path, named);
    if (!allowed.allowsPath(file)) {
      throw notAllowed(named);
    }
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      throw missing(path, named, e);
    }
    if (allowed.folders().stream().noneMatch(folder -> lies(real, folder))) {
      throw notAllowed(named);
    }
    try {
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS) || Files.size(real) > MOST_BYTES) {
        throw unfit(named);
      }
    } catch (IOException e) {
      throw missing(path, named, e);
    }
    return real;
  }

  /** The file's content; as {@link #locate}. */
  static String read(AllowedReferences allowed, String path, String named) {
    Path real = locate(allowed, path, named);
    try (InputStream content = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = content.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw unfit(named);
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw missing(path, named, e);
    }
  }

  private static Path parse(String path, String named) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw notAllowed(named);
    }
  }

  /** A folder that is itself reached by a link is meant where it really is. */
  private static boolean lies(Path real, String folder) {
    try {
      return real.startsWith(Path.of(folder).toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static MigrationException notAllowed(String named) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The request names %s, which is not in an allowed folder. Move the file to a"
                + " folder of references.folders in the worker's configuration, or add its"
                + " folder there.")
            .formatted(named));
  }

  private static MigrationException unfit(String named) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The request names %s, which is not a regular file of at most %d KiB. Name a"
                + " file that contains only the secret.")
            .formatted(named, MOST_BYTES / 1024));
  }

  private static MigrationException missing(String path, String named, IOException e) {
    return new MigrationException(
        FailureType.SECRET_MISSING,
        "The worker cannot read the file %s, which the request names as %s. Mount it where the"
                .formatted(path, named)
            + " worker can read it.",
        e);
  }
}

package com.matih.tenantmigration.activities.engine.snapshot;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a part of a snapshot is compressed; the end of its name tells.
 *
 * <p>Both at their quickest: a copy is as quick as its slowest part. Zstandard takes less time than
 * gzip, and is code of the machine, unpacked into the folder for temporary files. Where that folder
 * lets no program run, parts are written by gzip.
 */
public enum PartCompression {
  GZIP(".gz") {
    @Override
    public OutputStream compress(OutputStream part) throws IOException {
      return new FastGzip(part);
    }

    @Override
    InputStream decompress(InputStream part) throws IOException {
      return new GZIPInputStream(part, BUFFER);
    }
  },

  ZSTANDARD(".zst") {
    @Override
    public OutputStream compress(OutputStream part) throws IOException {
      return new ZstdOutputStreamNoFinalizer(part, RecyclingBufferPool.INSTANCE, 1);
    }

    @Override
    InputStream decompress(InputStream part) throws IOException {
      if (!Library.IS_USABLE) {
        throw new MigrationException(
            FailureType.TOOL_MISSING,
            "The snapshot is compressed by Zstandard, whose library cannot be loaded on this machine."
                + " Let java.io.tmpdir name a folder with room in which programs may run.");
      }
      return new ZstdInputStreamNoFinalizer(part, RecyclingBufferPool.INSTANCE);
    }
  };

  private static final int BUFFER = 1 << 16;

  private final String suffix;

  PartCompression(String suffix) {
    this.suffix = suffix;
  }

  /** What the names of such parts end with. */
  public String suffix() {
    return suffix;
  }

  /** How this process compresses new parts. */
  public static PartCompression ofNewParts() {
    return Library.IS_USABLE ? ZSTANDARD : GZIP;
  }

  /** How the part of that name is compressed. */
  public static PartCompression of(String name) {
    return name.endsWith(ZSTANDARD.suffix) ? ZSTANDARD : GZIP;
  }

  /** A stream into the part; it has to be closed, which closes the part. */
  public abstract OutputStream compress(OutputStream part) throws IOException;

  abstract InputStream decompress(InputStream part) throws IOException;

  /**
   * What a part holds.
   *
   * @param name tells how it is compressed
   * @throws MigrationException of type TOOL_MISSING where this machine cannot read such a part
   */
  public static InputStream plain(String name, InputStream part) throws IOException {
    return of(name).decompress(part);
  }

  /** Whether what reading a part threw tells that the part is not what was written. */
  public static boolean tellsDamage(IOException e) {
    return e instanceof ZipException || e instanceof ZstdIOException || e instanceof EOFException;
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream output) throws IOException {
      super(output, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Zstandard's library, looked for once. */
  private static final class Library {

    private static final Logger log = LoggerFactory.getLogger(PartCompression.class);

    static final boolean IS_USABLE = isUsable();

    private Library() {}

    private static boolean isUsable() {
      try {
        Native.load();
        return true;
      } catch (LinkageError e) {
        log.warn(
            "Zstandard's library cannot be loaded, so snapshots are compressed by gzip, which takes"
                + " longer. Let java.io.tmpdir name a folder with room in which programs may run.",
            e);
        return false;
      }
    }
  }
}

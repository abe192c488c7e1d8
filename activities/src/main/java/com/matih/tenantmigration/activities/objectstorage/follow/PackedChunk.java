package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.follow.RecordedObject.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as the journal keeps it: compressed, since names have much in common, and in characters
 * that JSON can carry, which not every key's are.
 */
record PackedChunk(int next, String packed) {

  static PackedChunk of(RecordChunk chunk) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      writeBound(out, chunk.range().after());
      writeBound(out, chunk.range().upTo());
      out.writeInt(chunk.objects().size());
      for (RecordedObject object : chunk.objects()) {
        write(out, object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a chunk cannot be packed", e);
    }
    return new PackedChunk(chunk.next(), Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  RecordChunk unpack(int id) {
    byte[] bytes = Base64.getDecoder().decode(packed);
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      KeyRange range = new KeyRange(readBound(in), readBound(in));
      int count = in.readInt();
      List<RecordedObject> objects = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        objects.add(read(in));
      }
      return new RecordChunk(id, range, next, objects);
    } catch (IOException e) {
      throw new UncheckedIOException("chunk %d of the record cannot be read".formatted(id), e);
    }
  }

  private static void write(DataOutputStream out, RecordedObject object) throws IOException {
    out.writeUTF(object.name());
    out.writeUTF(object.state().name());
    out.writeLong(object.size());
    out.writeUTF(object.etag());
    out.writeLong(object.modifiedMillis());
    // most are the same, and what is drawn by chance cannot be compressed
    boolean same = object.copyEtag().equals(object.etag());
    out.writeBoolean(same);
    if (!same) {
      out.writeUTF(object.copyEtag());
    }
  }

  private static RecordedObject read(DataInputStream in) throws IOException {
    String name = in.readUTF();
    State state = State.valueOf(in.readUTF());
    long size = in.readLong();
    String etag = in.readUTF();
    long modified = in.readLong();
    String copyEtag = in.readBoolean() ? etag : in.readUTF();
    return new RecordedObject(name, size, etag, modified, copyEtag, state);
  }

  private static void writeBound(DataOutputStream out, @Nullable String name) throws IOException {
    out.writeBoolean(name != null);
    if (name != null) {
      out.writeUTF(name);
    }
  }

  private static @Nullable String readBound(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}

package io.dlion.cli.stream;

import io.dlion.cli.job.Job;
import io.dlion.cli.job.StreamJob;
import io.dlion.core.UserError;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.generated.DriftingAddress;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.record.RecordSchema;
import io.dlion.data.record.StreamedData;
import io.dlion.stream.StreamAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data set of a job that has a stream and nothing beside it: without examples. */
public final class StreamExamples {
  private StreamExamples() {}

  /**
   * Finds out what the examples of a job's stream are: by its schema, by the first records of a
   * topic, or by what lies in a folder now.
   *
   * @param reading how the data is to be read; with an encoding, that is taken
   */
  public static DataSet open(Job job, DataOptions reading) {
    StreamJob stream = job.stream().orElseThrow();
    Optional<Preprocessing> known = reading.encoding();
    if (known.isPresent()) {
      return StreamedData.encoded(stream.address(), known.get());
    }
    return switch (StreamAddress.parse(stream.first())) {
      case StreamAddress.Made made -> drifting(stream.address(), reading);
      case StreamAddress.Folder folder when stream.schema().isEmpty() ->
          ofFolder(stream.first(), reading);
      case StreamAddress.Kafka kafka -> ofRecords(stream, kafka);
      default -> StreamedData.of(stream.address(), schema(stream));
    };
  }

  private static DataSet ofFolder(String folder, DataOptions reading) {
    try {
      return StreamedData.ofFolder(folder, reading);
    } catch (UserError unknown) {
      throw new UserError(
          unknown.getMessage()
              + "; without --data, the stream's first files say what its examples are: put some"
              + " there, give a schema (--schema format=csv …), or --data",
          unknown);
    }
  }

  private static DataSet drifting(String address, DataOptions reading) {
    DriftingAddress.parse(address); // throws where it is none
    Preprocessing encoding = DataSets.open(DriftingAddress.NAME, reading).preprocessing();
    return StreamedData.encoded(address, encoding); // its test examples are of the first concept
  }

  /** Means and deviations that the schema does not say are measured on the first records. */
  private static DataSet ofRecords(StreamJob stream, StreamAddress.Kafka kafka) {
    RecordSchema schema = schema(stream);
    boolean complete = !schema.means().isEmpty() || schema.shape().size() == 3;
    List<byte[]> first = complete ? List.of() : FirstLook.at(kafka);
    return first.isEmpty()
        ? StreamedData.of(stream.address(), schema)
        : StreamedData.measured(stream.address(), schema, first);
  }

  /** The schema that a job says. */
  static RecordSchema schema(StreamJob stream) {
    Map<String, String> says = stream.schema();
    if (says.isEmpty()) {
      throw new UserError(
          stream.address()
              + ": nothing says what its records are: give a schema (--schema format=json --schema"
              + " label=NAME …), or --data with examples like them");
    }
    return RecordSchema.parse("schema", says);
  }
}

/** Training jobs carried out with engine, data, cluster and monitor together. */
@NullMarked
package io.dlion.cli.run;

import org.jspecify.annotations.NullMarked;

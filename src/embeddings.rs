//! Embeddings as plain data: what each model offers, its native requests and answers, and what is
//! worked out of vectors (similarity, neighbours, a map in two dimensions, files).
//!
//! It reads no file and sends nothing. It must not know the AWS SDK, the runtime, the window, the
//! command line, the store or the embedded endpoint.

mod body;
mod collection;
mod forecast;
mod npy;
mod offer;
mod out;
mod problem;
mod projection;
mod settings;
mod similarity;
mod texts;

pub use body::{Answer, AnswerError, Content, body, read};
pub use collection::{Collection, Item, Outcome, Record, Source, Taken, Vector};
pub use forecast::{Forecast, forecast};
pub use npy::write_npy;
pub use offer::{Offer, Purpose};
pub use out::{Format, Row, matrix_npy, write, write_matrix};
pub use problem::{Problem, problem};
pub use projection::{Projection, project};
pub use settings::Settings;
pub use similarity::{MOST_IN_MATRIX, Matrix, Neighbour, cosine, nearest};
pub use texts::{TextsError, TextsForm, read_texts};

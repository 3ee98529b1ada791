//! The serializer for keys of objects: texts, and enums that are written as texts.

use serde::ser::{Error, Impossible, Serialize, Serializer};

use super::writer::NotJson;

/// The serializer.
pub(super) struct KeyWriter;

fn no_key<T>() -> Result<T, NotJson> {
    Err(NotJson::custom("a key that is no text"))
}

impl Serializer for KeyWriter {
    type Ok = String;
    type Error = NotJson;
    type SerializeSeq = Impossible<String, NotJson>;
    type SerializeTuple = Impossible<String, NotJson>;
    type SerializeTupleStruct = Impossible<String, NotJson>;
    type SerializeTupleVariant = Impossible<String, NotJson>;
    type SerializeMap = Impossible<String, NotJson>;
    type SerializeStruct = Impossible<String, NotJson>;
    type SerializeStructVariant = Impossible<String, NotJson>;

    fn serialize_str(self, value: &str) -> Result<String, NotJson> {
        Ok(value.to_owned())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<String, NotJson> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<String, NotJson> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, NotJson> {
        value.serialize(self)
    }

    fn serialize_bool(self, _: bool) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_i8(self, _: i8) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_i16(self, _: i16) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_i32(self, _: i32) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_i64(self, _: i64) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_u8(self, _: u8) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_u16(self, _: u16) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_u32(self, _: u32) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_u64(self, _: u64) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_f32(self, _: f32) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_f64(self, _: f64) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_char(self, _: char) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_none(self) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_unit(self) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, NotJson> {
        no_key()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, NotJson> {
        no_key()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, NotJson> {
        no_key()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, NotJson> {
        no_key()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NotJson> {
        no_key()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, NotJson> {
        no_key()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, NotJson> {
        no_key()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NotJson> {
        no_key()
    }
}

//! From anything that serde can write to a [`Tree`], leaving out named fields of structs.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::key::KeyWriter;
use super::tree::Tree;
use crate::text::float_text;

/// The serializer.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    /// The fields to leave out.
    pub(super) left_out: &'a [&'a str],
}

/// What JSON cannot hold.
#[derive(Debug)]
pub(super) struct NotJson(String);

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotJson {}

impl Error for NotJson {
    fn custom<T: fmt::Display>(message: T) -> NotJson {
        NotJson(message.to_string())
    }
}

/// A list that is being written, perhaps in an object of its variant's name.
pub(super) struct ListWriter<'a> {
    writer: Writer<'a>,
    variant: Option<&'static str>,
    items: Vec<Tree>,
}

/// An object that is being written, perhaps in an object of its variant's name.
pub(super) struct MapWriter<'a> {
    writer: Writer<'a>,
    variant: Option<&'static str>,
    /// Whether its keys are fields of the schema.
    fields: bool,
    key: Option<Cow<'static, str>>,
    entries: Vec<(Cow<'static, str>, Tree)>,
}

impl<'a> Writer<'a> {
    fn list(self, variant: Option<&'static str>, length: usize) -> ListWriter<'a> {
        ListWriter { writer: self, variant, items: Vec::with_capacity(length) }
    }

    fn map(self, variant: Option<&'static str>, fields: bool) -> MapWriter<'a> {
        MapWriter { writer: self, variant, fields, key: None, entries: Vec::new() }
    }
}

fn in_variant(variant: Option<&'static str>, tree: Tree) -> Tree {
    match variant {
        Some(variant) => Tree::Map(vec![(variant.into(), tree)]),
        None => tree,
    }
}

fn leaf(value: impl ToString) -> Result<Tree, NotJson> {
    Ok(Tree::Leaf(value.to_string().into()))
}

impl<'a> Serializer for Writer<'a> {
    type Ok = Tree;
    type Error = NotJson;
    type SerializeSeq = ListWriter<'a>;
    type SerializeTuple = ListWriter<'a>;
    type SerializeTupleStruct = ListWriter<'a>;
    type SerializeTupleVariant = ListWriter<'a>;
    type SerializeMap = MapWriter<'a>;
    type SerializeStruct = MapWriter<'a>;
    type SerializeStructVariant = MapWriter<'a>;

    fn serialize_bool(self, value: bool) -> Result<Tree, NotJson> {
        Ok(Tree::Leaf(if value { "true" } else { "false" }.into()))
    }

    fn serialize_i8(self, value: i8) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_i16(self, value: i16) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_i32(self, value: i32) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_i64(self, value: i64) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_u8(self, value: u8) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_u16(self, value: u16) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_u32(self, value: u32) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_u64(self, value: u64) -> Result<Tree, NotJson> {
        leaf(value)
    }

    fn serialize_f32(self, value: f32) -> Result<Tree, NotJson> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Tree, NotJson> {
        float_text(value)
            .map(|text| Tree::Leaf(text.into()))
            .ok_or_else(|| NotJson::custom("a float that is not finite"))
    }

    fn serialize_char(self, value: char) -> Result<Tree, NotJson> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, NotJson> {
        Ok(Tree::text(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Tree, NotJson> {
        Err(NotJson::custom("bytes"))
    }

    fn serialize_none(self) -> Result<Tree, NotJson> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, NotJson> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, NotJson> {
        Ok(Tree::Leaf("null".into()))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, NotJson> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Tree, NotJson> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, NotJson> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Tree, NotJson> {
        Ok(in_variant(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ListWriter<'a>, NotJson> {
        Ok(self.list(None, length.unwrap_or(0)))
    }

    fn serialize_tuple(self, length: usize) -> Result<ListWriter<'a>, NotJson> {
        Ok(self.list(None, length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<ListWriter<'a>, NotJson> {
        Ok(self.list(None, length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<ListWriter<'a>, NotJson> {
        Ok(self.list(Some(variant), length))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<MapWriter<'a>, NotJson> {
        Ok(self.map(None, length.is_none()))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<MapWriter<'a>, NotJson> {
        Ok(self.map(None, true))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<MapWriter<'a>, NotJson> {
        Ok(self.map(Some(variant), true))
    }
}

impl ListWriter<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.items.push(value.serialize(self.writer)?);
        Ok(())
    }

    fn finish(self) -> Result<Tree, NotJson> {
        Ok(in_variant(self.variant, Tree::List(self.items)))
    }
}

impl MapWriter<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Result<(), NotJson> {
        if !(self.fields && self.writer.left_out.contains(&&*key)) {
            self.entries.push((key, value.serialize(self.writer)?));
        }
        Ok(())
    }

    fn finish(self) -> Result<Tree, NotJson> {
        Ok(in_variant(self.variant, Tree::Map(self.entries)))
    }
}

impl SerializeSeq for ListWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.push(value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeTuple for ListWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.push(value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeTupleStruct for ListWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.push(value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeTupleVariant for ListWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.push(value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeMap for MapWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotJson> {
        self.key = Some(key.serialize(KeyWriter)?.into());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        let key = self.key.take().ok_or_else(|| NotJson::custom("a value without a key"))?;
        self.push(key, value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeStruct for MapWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NotJson> {
        self.push(key.into(), value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}

impl SerializeStructVariant for MapWriter<'_> {
    type Ok = Tree;
    type Error = NotJson;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NotJson> {
        self.push(key.into(), value)
    }

    fn end(self) -> Result<Tree, NotJson> {
        self.finish()
    }
}
